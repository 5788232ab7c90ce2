"""Keys of ServiceTitan's records come, go and change: each is noticed and counted, and nothing is lost.

data/fields_since_2025_12.json has the fields that the specification of May 2026 has and that of December 2025 has not.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from mirror import Mirror
from proxy import Answer, Proxy
from servicetitan_mirror.entities import BY_NAME, Entity
from servicetitan_mirror.reading import fields
from servicetitan_mirror.reading.keys import Before, Drift, Keys
from servicetitan_mirror.reading.learning import MOST_IN_ALL
from servicetitan_mirror.reading.records import read_record

SINCE: dict[str, list[str]] = json.loads((Path(__file__).parent / "data/fields_since_2025_12.json").read_text())
WHOLE = {(entity, path) for entity, paths in SINCE.items() for path in paths}
DRIFT = "select module, field from st_schema_drift where change = '{}' and ended_at is {} order by 1, 2"


def without(paths: list[str], value: Any, path: str = "") -> Any:
    """A record, or a part of it, as it was before there were these fields."""
    if isinstance(value, list):
        return [without(paths, one, f"{path}[]") for one in value]
    if not isinstance(value, dict):
        return value
    places = {key: f"{path}.{key}".lstrip(".") for key in value}
    return {key: without(paths, value[key], place) for key, place in places.items() if place not in paths}


def answer_as_in_december(proxy: Proxy) -> None:
    for entity, paths in SINCE.items():

        def rewriting(answer: Answer, paths: list[str] = paths) -> None:
            answer.page["data"] = [without(paths, record) for record in answer.records]

        proxy.rewrite(entity, rewriting)


def test_old_shapes_then_new_ones(proxied: Mirror, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    answer_as_in_december(proxy)
    proxied.sync(full=True)
    outermost = {
        (entity, path) for entity, path in WHOLE if (entity, re.split(r"[.[]", path)[0]) not in WHOLE - {(entity, path)}
    }
    assert proxied.rows(DRIFT.format("vanished", "null")) == sorted(outermost)

    proxy.clear()
    may = fields.specified

    def december(entity: Entity) -> dict[str, str]:
        return {path: type for path, type in may(entity).items() if (entity.name, path) not in WHOLE}

    with monkeypatch.context() as then:
        then.setattr(fields, "specified", december)
        proxied.sync(full=True)
    assert proxied.rows(DRIFT.format("vanished", "null")) == []
    assert proxied.rows(DRIFT.format("new", "null")) == sorted(WHOLE)
    told = "select field, type, known_type, records from st_schema_drift where module = 'jobs' and change = 'new'"
    jobs = len(proxied.listed("jobs"))
    assert proxied.rows(f"{told} order by 1") == [
        ("createdFromEstimateId", "number", None, jobs),
        ("equipmentIds", "array of number", None, jobs),
        ("estimateIds", "array of number", None, jobs),
        ("isAutoDispatched", "boolean", None, jobs),
        ("summaryOfWork", "string", None, jobs),
    ]
    proxied.sync(full=True)  # by a program that knows them
    assert proxied.rows(DRIFT.format("new", "not null")) == sorted(WHOLE)
    assert proxied.differences() == []


def test_what_is_otherwise_in_single_records_is_counted_until_a_full_sync_does_not_meet_it(mirror: Mirror) -> None:
    first, second, third = (job["id"] for job in mirror.listed("jobs")[:3])
    odd = {"paidBy": {"name": "Ann", "at": [{"on": 1}, {"on": None}]}, "summary": 12, "tagTypeIds": ["a", 1]}
    mirror.source.set("jobs", first, odd)
    mirror.source.set("jobs", second, {"paidBy": None, "noCharge": {"Ann Ash": 1, "Bo Birch": 2}})
    mirror.source.set("jobs", third, {"paidBy": None})
    mirror.sync()
    told = "select change, field, type, known_type, records from st_schema_drift where ended_at is null order by 1, 2"
    assert mirror.rows(told) == [
        ("new", "noCharge.*", None, None, 1),
        ("new", "paidBy", "object", None, 3),
        ("new", "paidBy.at", "object[]", None, 1),
        ("new", "paidBy.at[].on", "number", None, 1),
        ("new", "paidBy.name", "string", None, 1),
        ("retyped", "noCharge", "object", "boolean", 1),
        ("retyped", "summary", "number", "string(html)", 1),
        ("retyped", "tagTypeIds[]", "string", "array of int64", 1),
    ]
    kept = "select xmin::text, ctid::text, first_seen_at from raw_servicetitan.schema_drift order by field, change"
    before = mirror.rows(kept)
    mirror.sync()  # which reads the three again
    assert mirror.rows(kept) == before
    for job in (first, second):
        mirror.source.set("jobs", job, {**dict.fromkeys(odd), "noCharge": None})
    mirror.sync()
    assert mirror.rows(kept) == before  # only a full sync can tell that there are none
    mirror.sync(full=True, only=("jobs",))
    assert mirror.rows(told) == [("new", "paidBy", "null", None, 3)]
    assert mirror.differences() == []


def test_a_key_that_a_single_record_of_a_full_read_has_is_not_gone() -> None:
    gone = tuple(Drift("vanished", path, None, None, 9) for path in ("memo", "type"))
    before = Before(frozenset({"name", "address", "address.city"}), gone)
    keys = Keys(BY_NAME["customers"], is_full=True, before=before)
    for number in range(1_000):
        more = {"name": "x", "memo": "back"} if number == 777 else {}
        keys.read(json.dumps({"id": number, "address": {"street": "y"}, **more}))
    assert [(drift.change, drift.path, drift.records) for drift in keys.drifts(whole=True)] == [
        ("new", "memo", 1),
        ("vanished", "address.city", 1_000),
        ("vanished", "type", 1_000),
    ]
    assert keys.ended(whole=True) == [("vanished", "memo")]
    assert keys.usual() == ["address", "address.street", "id"]
    changes = Keys(BY_NAME["customers"], is_full=False, before=before)
    changes.read('{"id": 1, "type": "Residential"}')
    assert (changes.drifts(whole=False), changes.ended(whole=False)) == ([], [("vanished", "type")])


ODD_RECORDS = [
    json.dumps({"id": 12, "large": "x" * 2**20}),
    json.dumps({"id": 1, "name": {f"k{number}": number for number in range(10_000)}}),
    json.dumps({"id": 2, **{f"k{number}": {"x": [number]} for number in range(10_000)}}),
    json.dumps({"id": 3, "": 1, "[]": 2, "*": 3, ".": 4, "__class__": 5, "from": 6, "\ud83d": 7, "name[]": [8]}),
    '{"id": 4, "deep": ' + '{"a": ' * 500 + "1" + "}" * 501,
    '{"id": 5, "deep": ' + "[" * 500 + "]" * 500 + "}",
    '{"id": 6, "deep": ' + "[" * 9_000 + "]" * 9_000 + "}",
    '{"id": 7, "name": 1, "name": "twice", "balance": 1e400, "odd": -0}',
    *(
        json.dumps({"id": 8, f"a{n}": {f"b{m}": {"c": {f"d{o}": 1 for o in range(9)}} for m in range(9)}})
        for n in "xyz"
    ),
    *('{"id": "9"}', '{"id": 10.0, "new": 1}', '{"id": null}', "[]", "null", '{"id": 11, "active": "perhaps"}'),
    *(json.dumps({"id": number, "tags": [{f"{word}_{number}": None}]}) for number in range(60) for word in ("a", "b")),
]


def test_whatever_keys_a_record_has_it_lands_as_it_would_unseen() -> None:
    keys = Keys(BY_NAME["customers"], is_full=True, before=Before())
    for raw in [text.encode(errors="surrogatepass") for text in ODD_RECORDS * 2]:
        assert read_record(raw, keys) == read_record(raw)
    noted = {drift.path: drift for drift in keys.drifts(whole=True)}
    assert noted["id"] == Drift("retyped", "id", "string", "int64", 2)
    assert "large" not in noted
    assert len(noted) <= MOST_IN_ALL + 100

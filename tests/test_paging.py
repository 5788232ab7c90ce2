"""Lists that change between two pages, and pages that make no sense."""

from __future__ import annotations

from typing import Any

import pytest

from mirror import Mirror
from servicetitan_mirror.entities import STANDARD

LISTS = [
    {"entity": entity.name} | ({"owner": endpoint.owner} if endpoint.owner else {})
    for entity in STANDARD
    for endpoint in entity.endpoints
]
GROWN = 12  # records that each list is made to hold at least, so that it has several pages


@pytest.fixture
def paged(mirror: Mirror) -> Mirror:
    """A mirror whose source has several pages of five in each list."""
    mirror.settings["page_size"] = 5
    for each in LISTS:
        missing = GROWN - len(ids(mirror, **each))
        if missing > 0:
            mirror.source.add(**each, count=missing)
    return mirror


@pytest.mark.parametrize("action", ["delete", "add", "touch"])
def test_a_full_read_misses_nothing_while_its_lists_change(paged: Mirror, action: str) -> None:
    for each in LISTS:
        path = paged.source.address(**each).rpartition("/tenant/")[2] if "owner" in each else each["entity"]
        which = {"count": 2} if action == "add" else {"ids": ids(paged, **each)[:1]}
        paged.source.fault(path, {"actions": [{action: each | which}], "when": "after"}, calls=[1])
        paged.source.fault(path, {"actions": [{"add": each}], "when": "after"}, calls=[2])
    paged.sync(full=True)
    paged.sync()
    assert paged.differences() == []


def test_a_list_without_a_total_is_read_until_it_is_the_same_twice(paged: Mirror) -> None:
    each = {"entity": "custom_fields", "owner": "installed_equipment"}
    gone = {"delete": each | {"ids": ids(paged, **each)[:1]}}
    paged.source.fault("installed-equipment/custom-field", {"actions": [gone], "when": "after"}, calls=[1])
    assert paged.sync(full=True, only=("custom_fields",))["custom_fields"].deleted == 1
    assert paged.landed("custom_fields") == paged.listed("custom_fields")


def test_a_record_skipped_behind_a_deletion_is_found_although_the_totals_agree(paged: Mirror) -> None:
    """One record goes and another comes between two pages: the last total equals the first."""
    gone = {"delete": {"entity": "jobs", "ids": ids(paged, "jobs")[:1]}}
    paged.source.fault("jobs", {"actions": [gone, {"add": {"entity": "jobs"}}], "when": "after"}, calls=[1])
    skipped = ids(paged, "jobs")[5]
    paged.rows(f"delete from raw_servicetitan.jobs where id = {skipped} returning id")
    outcome = paged.sync(full=True, only=("jobs",))["jobs"]
    assert (outcome.status, outcome.deleted) == ("completed", 1)
    assert skipped in [job["id"] for job in paged.landed("jobs")]


def test_a_list_that_never_holds_still_fails_and_deletes_nothing(paged: Mirror) -> None:
    changes = [{"add": {"entity": "campaigns"}}, {"delete": {"entity": "campaigns"}}]
    paged.source.fault("campaigns", {"actions": changes, "when": "after"}, every=1)
    before = paged.rows("select cursor from raw_servicetitan.sync_cursors where list = 'campaigns'")
    outcome = paged.sync(full=True, only=("campaigns",))["campaigns"]
    assert (outcome.status, outcome.deleted) == ("failed", 0)
    assert "kept changing" in (outcome.error or "")
    assert paged.rows("select cursor from raw_servicetitan.sync_cursors where list = 'campaigns'") == before


@pytest.mark.parametrize(
    "envelope",
    [
        {"data": None},
        {"data": {}},
        {"hasMore": "yes"},
        {"hasMore": None},
        {"hasMore": "__remove__"},
        {"data": "__remove__"},
    ],
)
def test_an_answer_that_is_no_page_fails_its_list_alone(mirror: Mirror, envelope: dict[str, Any]) -> None:
    mirror.source.fault("tag_types", {"envelope": envelope}, every=1)
    outcomes = mirror.sync(only=("tag_types", "campaigns"))
    assert {name: outcome.status for name, outcome in outcomes.items()} == {
        "tag_types": "failed",
        "campaigns": "completed",
    }
    assert "not a page" in (outcomes["tag_types"].error or "")


def test_an_empty_page_with_more_behind_it_is_followed(paged: Mirror) -> None:
    paged.source.fault("campaigns", {"envelope": {"data": [], "hasMore": True}}, calls=[2])
    outcome = paged.sync(full=True, only=("campaigns",))["campaigns"]
    assert (outcome.status, outcome.fetched) == ("completed", GROWN)
    assert paged.landed("campaigns") == paged.listed("campaigns")


def test_an_endless_list_is_stopped(mirror: Mirror) -> None:
    mirror.source.fault("call_reasons", {"envelope": {"hasMore": True}}, every=1)
    outcome = mirror.sync(full=True, only=("call_reasons",))["call_reasons"]
    assert outcome.status == "failed"
    assert "does not end" in (outcome.error or "")


def test_the_page_size_that_the_server_grants_is_believed(mirror: Mirror) -> None:
    mirror.settings["page_size"] = 5000
    mirror.source.settings(page_size_cap=7)
    assert mirror.sync(full=True, only=("customers",))["customers"].fetched == 20
    assert mirror.landed("customers") == mirror.listed("customers")


def ids(mirror: Mirror, entity: str, owner: str = "") -> list[int]:
    """The ids of one list, sorted."""
    lines = mirror.listed(entity)
    return [line["record"]["id"] if owner else line["id"] for line in lines if line.get("owner", owner) == owner]

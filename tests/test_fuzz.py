"""Records with anything in any field: no sync stops, no healthy record is missing.

The suite plays a few; `FUZZ=100 pytest tests/test_fuzz.py` plays many.
"""

from __future__ import annotations

import json
import os
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from mirror import Mirror
from servicetitan_mirror.entities import BY_NAME, PUBLISHED, STANDARD
from servicetitan_mirror.reading.keys import Before, Keys
from servicetitan_mirror.reading.records import Rejected, Row, read_record

PLAYS = int(os.environ.get("FUZZ", "2"))
KEYS = Keys(BY_NAME["customers"], is_full=True, before=Before())
NAMES = [entity.name for entity in STANDARD if not entity.has_owners]
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40),
    st.sampled_from(
        ["", "NaN", "1e400", "-0", "0001-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "99999-01-01", "true", "x" * 5000]
    ),
)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-(2**80), 2**80), TEXTS)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=8
)


@settings(max_examples=PLAYS, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(data=st.data())
def spoil_fields_and_sync(mirror: Mirror, data: st.DataObject) -> None:
    """One play: a few fields of a record of every entity hold anything; then a sync."""
    for name in NAMES:
        records = mirror.listed(name)
        record = data.draw(st.sampled_from(records))
        fields = st.sampled_from([key for key in record if key not in ("id", "modifiedOn")])
        mirror.source.set(name, record["id"], data.draw(st.dictionaries(fields, VALUES, min_size=1, max_size=6)))
    outcomes = mirror.sync()
    assert {name: outcome.error for name, outcome in outcomes.items() if outcome.error} == {}
    assert mirror.differences() == []
    for entity in PUBLISHED:
        assert mirror.row(f"select count(*) from {entity.table}") == (len(mirror.listed(entity.name)),)


def test_anything_in_any_field_stops_no_sync(mirror: Mirror) -> None:
    spoil_fields_and_sync(mirror)


@settings(max_examples=300, deadline=None)
@given(
    raw=st.one_of(
        st.binary(max_size=60),
        st.text(max_size=60).map(str.encode),
        VALUES.map(lambda value: repr(value).encode()),
        st.dictionaries(TEXTS | st.sampled_from(["id", "name", "address", "active", "createdOn"]), VALUES).map(
            lambda fields: json.dumps({"id": 1, **fields}).encode()
        ),
    )
)
def test_whatever_stands_in_a_page_lands_or_is_rejected_and_its_keys_change_nothing(raw: bytes) -> None:
    result: Any = read_record(raw)
    assert isinstance(result, Row | Rejected)
    assert read_record(raw, KEYS) == result

"""One bad thing stays one bad thing: records that cannot land, values that cannot be converted."""

from __future__ import annotations

from typing import Any

import pytest

from mirror import Mirror
from servicetitan_mirror.entities import STANDARD

ADDRESS = ("address_line1", "address_line2", "city", "country", "latitude", "longitude", "state", "zip")
INVOICE_JOB = ("job_id", "job_number", "job_type_name")
FAILURES = 'select module, st_id, "column", value, reason, healed_at is not null from st_sync_failures order by 1, 2, 3'


@pytest.mark.parametrize(
    ("entity", "fields", "failures"),
    [
        ("customers", {"balance": "a lot"}, [("balance", "a lot", "not a number in range")]),
        ("jobs", {"customerId": 2**70}, [("customer_id", str(2**70), "not a 64-bit integer")]),
        (
            "jobs",
            {"completedOn": "2026-02-30T00:00:00Z"},
            [("job_completion_time", "2026-02-30T00:00:00Z", "not a time")],
        ),
        ("invoices", {"invoiceDate": "soon"}, [("invoice_date", "soon", "not a date")]),
        ("customers", {"active": "perhaps"}, [("active", "perhaps", "not a boolean")]),
        ("customers", {"name": {"first": "Ann"}}, [("name", '{"first": "Ann"}', "not a text")]),
        ("customers", {"tagTypeIds": [1, "x"]}, [("tag_type_ids", '[1, "x"]', "not a list of 64-bit integers")]),
        ("customers", {"customFields": "none"}, [("custom_fields", "none", "not a list or object")]),
        (
            "customers",
            {"address": "unknown"},
            [(column, "unknown", "its address is not an object") for column in ADDRESS],
        ),
        ("invoices", {"job": 7}, [(column, "7", "its job is not an object") for column in INVOICE_JOB]),
        ("technicians", {"dailyGoal": "x" * 500}, [("daily_goal", "x" * 200, "not a number in range")]),
    ],
)
def test_a_value_that_cannot_be_converted_is_null_and_stands_in_the_failures(
    mirror: Mirror, entity: str, fields: dict[str, Any], failures: list[tuple[str, str, str]]
) -> None:
    record = mirror.listed(entity)[3]["id"]
    mirror.source.set(entity, record, fields)
    outcome = mirror.sync()[entity]
    assert (outcome.status, outcome.updated, outcome.failed) == ("completed", 1, 1)
    assert mirror.rows(FAILURES) == [(entity, record, *failure, False) for failure in failures]
    assert mirror.row(f"select {failures[0][0]} from st_{entity} where st_id = {record}") in [(None,), ([1],), ([],)]


def test_a_corrected_record_is_healed(mirror: Mirror) -> None:
    record = mirror.listed("customers")[0]["id"]
    for balance in ("a lot", 12.5):
        mirror.source.set("customers", record, {"balance": balance})
        mirror.sync()
    assert mirror.rows(FAILURES) == [("customers", record, "balance", "a lot", "not a number in range", True)]
    assert mirror.row(f"select balance from st_customers where st_id = {record}") == (12.5,)


def test_values_that_mean_nothing_are_no_failures(mirror: Mirror) -> None:
    record = mirror.listed("jobs")[0]["id"]
    mirror.source.set("jobs", record, {"completedOn": "0001-01-01T00:00:00Z", "total": "", "summary": None})
    assert mirror.sync()["jobs"].failed == 0
    assert mirror.rows(FAILURES) == []


def test_a_first_sync_counts_failures_and_completes_each_module_with_its_table(empty_mirror: Mirror) -> None:
    record = empty_mirror.listed("jobs")[0]["id"]
    empty_mirror.source.set("jobs", record, {"total": "a lot"})
    outcomes = empty_mirror.sync()
    assert outcomes["jobs"].failed == 1
    assert empty_mirror.rows(FAILURES) == [("jobs", record, "invoice_total", "a lot", "not a number in range", False)]
    logged = dict(empty_mirror.rows("select module, extract(epoch from completed_at - started_at) from st_sync_log"))
    assert len({round(outcome.seconds, 2) for outcome in outcomes.values()}) > 3
    assert all(abs(float(logged[name]) - outcome.seconds) < 0.01 for name, outcome in outcomes.items())


@pytest.mark.parametrize("place", [0, 7, -1], ids=["first page", "middle page", "last page"])
def test_a_record_without_an_id_is_rejected_in_every_entity_and_the_others_land(mirror: Mirror, place: int) -> None:
    mirror.settings["page_size"] = 5
    names = [entity.name for entity in STANDARD if not entity.has_owners]
    for name in names:
        records = mirror.listed(name)
        mirror.source.raw(name, records[place % len(records)]["id"], '{"name": "no id"}')
    outcomes = mirror.sync(full=True)
    assert {name: outcomes[name].failed for name in names} == dict.fromkeys(names, 1)
    rejected = mirror.rows("select entity, reason, record from raw_servicetitan.rejected_records order by 1")
    assert rejected == [(name, "it has no id", '{"name": "no id"}') for name in sorted(names)]


@pytest.mark.parametrize("text", ['"just text"', "[1, 2]", "null", '{"id": "abc"}', '{"id": 1e400}'])
def test_what_is_no_record_is_rejected(mirror: Mirror, text: str) -> None:
    record = mirror.listed("campaigns")[2]["id"]
    mirror.source.raw("campaigns", record, text)
    outcome = mirror.sync(full=True, only=("campaigns",))["campaigns"]
    assert (outcome.status, outcome.failed, outcome.unchanged) == ("completed", 1, len(mirror.listed("campaigns")) - 1)


@pytest.mark.parametrize(
    "name",
    ["NUL \0 inside", "lone \ud83d surrogate", "\uf026 private use", "<b>&amp;</b>", "漢字 🎉", "x" * 10_000_000],
    ids=["nul", "surrogate", "private use", "html", "unicode", "10 MB"],
)
def test_odd_text_lands(mirror: Mirror, name: str) -> None:
    record = mirror.listed("customers")[4]["id"]
    text = f'{{"id": {record}, "name": "{name}", "modifiedOn": "2026-11-24T00:00:00Z"}}'
    for character in ("\0", "\ud83d", "\uf026"):
        text = text.replace(character, f"\\u{ord(character):04x}")
    mirror.source.raw("customers", record, text)
    outcome = mirror.sync(full=True, only=("customers",))["customers"]
    assert (outcome.status, outcome.error) == ("completed", None)
    kept = name.replace("\0", "\ufffd").replace("\ud83d", "\ufffd")[:500]
    assert mirror.row(f"select name from st_customers where st_id = {record}") == (kept,)

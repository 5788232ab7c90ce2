"""Every other list of the API: served by its kind and parameters, with rows of the specification's fields and types."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from servicetitan_simulator import Simulator, optional
from test_simulator_rows import kinds, values

LISTS = [name for name in optional.NAMES if optional.specified(name).kind == "list"]
FEEDS = [name for name in optional.NAMES if optional.specified(name).kind == "feed"]
PAGED = [name for name in LISTS if "pageSize" in optional.specified(name).parameters]
RANGE = {"fromUtc": "0001-01-01", "toUtc": "2999-01-01"}
REQUIRED = {
    "attributed_leads": RANGE,
    "intacct_business_units": {"page": 0, "pageSize": 500, "includeTotal": True},
    "return_types": {"activeOnly": False},
}
ALL = {"active": "Any", "activeOnly": False, "includeInactive": True}


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator(customers=60, requests_per_second=0, export_lag=0) as running:
        yield running


@pytest.fixture
def changing() -> Iterator[Simulator]:
    with Simulator(customers=20, requests_per_second=0, export_lag=0) as running:
        yield running


def page(simulator: Simulator, name: str, **parameters: Any) -> dict[str, Any]:
    """One page of all rows, active or not."""
    known = optional.specified(name).parameters
    everything = {parameter: value for parameter, value in ALL.items() if parameter in known}
    answer = simulator.get(name, **({"pageSize": 5000} | REQUIRED.get(name, {}) | everything | parameters))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def rows(simulator: Simulator, name: str) -> list[dict[str, Any]]:
    """Every row that a list or feed shows."""
    if name not in FEEDS:
        return list(page(simulator, name)["data"])
    found, since, more = [], "", True
    while more:
        answer = simulator.export(name, since=since).json()
        found, since, more = [*found, *answer["data"]], answer["continueFrom"], answer["hasMore"]
    return found


def end(simulator: Simulator, name: str) -> str:
    """The token after everything."""
    since, more = "", True
    while more:
        answer = simulator.export(name, since=since).json()
        since, more = answer["continueFrom"], answer["hasMore"]
    return str(since)


def kinds_of(type: str) -> set[type]:
    return {kind for each in type.split(" | ") for kind in kinds(each)}


@pytest.mark.parametrize("name", optional.NAMES)
def test_rows_have_the_specifications_fields_and_types(simulator: Simulator, name: str) -> None:
    fields, found = optional.specified(name).fields, rows(simulator, name)
    seen = [(path, value) for row in found for path, value in values(row)]
    assert {path for path, _ in seen} == fields.keys()
    wrong = {path for path, value in seen if value is not None and type(value) not in kinds_of(fields[path].type)}
    nulls = {path for path, value in seen if value is None and not fields[path].nullable}
    assert (wrong, nulls) == (set(), set())
    key = optional.form(name).key
    assert len({row[key] for row in found}) == len(found) == simulator.counts()[name]["all"]


@pytest.mark.parametrize("name", [name for name in PAGED if name not in REQUIRED])
def test_pages_hold_every_row_once(simulator: Simulator, name: str) -> None:
    whole, size = page(simulator, name)["data"], 500
    pages = [page(simulator, name, page=number, pageSize=size) for number in range(1, len(whole) // size + 2)]
    assert [row for each in pages for row in each["data"]] == whole
    assert [each["hasMore"] for each in pages] == [True] * (len(pages) - 1) + [len(whole) > size * len(pages)]
    total = len(whole) if "includeTotal" in optional.specified(name).parameters else None
    assert page(simulator, name, includeTotal=True)["totalCount"] == total


@pytest.mark.parametrize("name", [name for name in LISTS if optional.endpoint(name).activity])
def test_inactive_rows_show_only_when_they_are_asked_for(simulator: Simulator, name: str) -> None:
    shown = {"activeOnly": True} if optional.endpoint(name).activity == "activeOnly" else {}
    count = simulator.counts(every=True)[name]
    active = simulator.get(name, **(REQUIRED.get(name, {"pageSize": 5000}) | shown)).json()["data"]
    assert (len(active), len(page(simulator, name)["data"])) == (count["active"], count["all"])


@pytest.mark.parametrize("name", [name for name in LISTS if "modifiedOnOrAfter" in optional.specified(name).parameters])
def test_changes_are_found_by_their_time(changing: Simulator, name: str) -> None:
    changing.settings(clock_offset=3600)
    soon = (datetime.now(timezone.utc) + timedelta(minutes=30)).isoformat()
    assert page(changing, name, modifiedOnOrAfter=soon)["data"] == []
    touched, key = changing.touch(name, count=2), optional.form(name).key
    changed = {row[key] for row in changing.records(name) if str(optional.form(name).dated(row)["modifiedOn"]) > soon}
    found = page(changing, name, modifiedOnOrAfter=soon)["data"]
    assert ({row[key] for row in found}, len(found)) == (changed, len(touched))


@pytest.mark.parametrize("name", optional.NAMES)
def test_control_actions_work_for_every_list(changing: Simulator, name: str) -> None:
    old = changing.records(name)
    changing.touch(name)
    assert changing.records(name) != old
    added = changing.add(name, count=2)
    changing.delete(name, added[:1])
    changing.set(name, 7_777, {})
    changing.deactivate(name, added[1:])
    new = changing.records(name)
    assert len(new) in (len(old) + 1, len(old) + 2)  # what has no activity is gone
    assert {path for row in new for path, _ in values(row)} <= optional.specified(name).fields.keys()
    key = optional.form(name).key
    assert len({row[key] for row in new}) == len(new)


@pytest.mark.parametrize("name", FEEDS)
def test_feeds_go_on_with_what_changed(changing: Simulator, name: str) -> None:
    shown = rows(changing, name)
    token = end(changing, name)
    assert changing.export(name, since=token).json() == {"hasMore": False, "continueFrom": token, "data": []}
    changing.settings(clock_offset=5)
    touched = changing.touch(name)
    assert len(changing.export(name, since=token).json()["data"]) == len(touched) == 1
    assert len(rows(changing, name)) == len(shown)


def test_bare_lists_have_nothing_but_their_rows(simulator: Simulator) -> None:
    bare = [name for name in optional.NAMES if optional.specified(name).kind == "bare"]
    assert bare == ["budget_code_segments", "proposal_types"]
    assert [list(simulator.get(name).json()) for name in bare] == [["data"], ["data"]]


def test_what_is_required_is_named_when_it_is_missing(simulator: Simulator) -> None:
    answers = {name: simulator.get(name) for name in REQUIRED}
    assert {name: (answer.status_code, list(answer.json()["errors"])) for name, answer in answers.items()} == {
        "attributed_leads": (400, ["fromUtc", "toUtc"]),
        "intacct_business_units": (400, ["page", "pageSize", "includeTotal"]),
        "return_types": (400, ["activeOnly"]),
    }


def test_a_range_of_time_holds_what_was_in_it(simulator: Simulator) -> None:
    times = sorted(row["dateTime"] for row in page(simulator, "attributed_leads")["data"])
    within = page(simulator, "attributed_leads", fromUtc=times[3], toUtc=times[9])["data"]
    assert sorted(row["dateTime"] for row in within) == times[3:9]


def test_some_lists_have_smaller_pages(simulator: Simulator) -> None:
    sizes = {name: page(simulator, name, pageSize=5000)["pageSize"] for name in ("journal_entries", "calls")}
    assert sizes == {"journal_entries": 500, "calls": 5000}
    simulator.settings(over_cap="400")
    refused = simulator.get("journal_entries", pageSize=501)
    simulator.settings(over_cap="clamp")
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["pageSize"])


def test_a_list_filters_by_what_its_rows_have_and_sorts_as_specified(simulator: Simulator) -> None:
    jobs = [row["jobId"] for row in rows(simulator, "purchase_orders")][:2]
    found = page(simulator, "purchase_orders", jobIds=f"{jobs[0]},{jobs[1]}", sort="+Id")["data"]
    assert [row["jobId"] for row in found] == sorted(jobs)
    assert {row["status"] for row in page(simulator, "leads", status="Open")["data"]} == {"Open"}
    assert simulator.get("location_rates", sort="+Id").json()["errors"] == {
        "sort": ["The value '+Id' is not valid for Sort."]
    }


def test_a_list_knows_no_parameter_but_its_own(simulator: Simulator) -> None:
    untold = page(simulator, "campaign_costs", modifiedOnOrAfter="2999-01-01", ids="1")["data"]
    assert untold == rows(simulator, "campaign_costs")


def test_every_list_has_a_scope_that_can_be_taken_away(simulator: Simulator) -> None:
    scopes = sorted({optional.specified(name).scope for name in optional.NAMES})
    simulator.settings(removed_scopes=scopes)
    statuses = {name: simulator.get(name).status_code for name in optional.NAMES}
    simulator.settings(removed_scopes=[])
    assert statuses == dict.fromkeys(optional.NAMES, 403)


def test_optional_lists_change_nothing_of_the_standard_ones_and_cost_nothing_unasked() -> None:
    with Simulator(customers=20, requests_per_second=0) as asked, Simulator(customers=20) as unasked:
        assert set(unasked.counts()) & set(optional.NAMES) == set()
        assert set(asked.counts(every=True)) >= set(optional.NAMES)
        assert asked.records("jobs") == unasked.records("jobs")
        again = Simulator(customers=20)
        with again:
            assert again.records("gross_pay_items") == asked.records("gross_pay_items")

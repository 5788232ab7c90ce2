"""What the API does on bad days: the others land, the log says so, the next run catches up."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any

import pytest

from mirror import Mirror

BAD_DAYS: dict[str, dict[str, Any]] = {
    "500": {"status": 500},
    "html 503": {"status": 503, "html": True},
    "429 with a header": {"status": 429, "retry_after": "1"},
    "429 with its title only": {"status": 429, "title": "Rate limit is exceeded. Try again in 1 seconds."},
    "429 without a word": {"status": 429, "title": "Too many requests"},
    "429 with Retry-After 0": {"status": 429, "retry_after": "0"},
    "429 until a date": {"status": 429, "retry_after": format_datetime(datetime.now(timezone.utc), usegmt=True)},
    "a cut connection": {"cut": True},
    "truncated JSON": {"truncate": True},
    "no JSON": {"body": "<html>maintenance</html>"},
}


@pytest.mark.parametrize("fault", BAD_DAYS.values(), ids=BAD_DAYS.keys())
def test_a_passing_fault_is_waited_out(mirror: Mirror, fault: dict[str, Any]) -> None:
    mirror.source.touch("customers", count=3)
    mirror.source.fault("customers", fault, calls=[1, 2])
    outcome = mirror.sync(only=("customers",))["customers"]
    assert (outcome.status, outcome.updated, outcome.api_calls) == ("completed", 3, 3)
    assert mirror.differences() == []


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 403}, {"body": "gone"}], ids=["500", "403", "garbage"])
def test_a_lasting_fault_fails_its_list_alone_and_the_next_run_catches_up(
    mirror: Mirror, fault: dict[str, Any]
) -> None:
    mirror.settings["patience"] = 1
    mirror.source.touch("jobs", count=2)
    mirror.source.touch("customers", count=2)
    mirror.source.fault("jobs", fault, every=1)
    outcomes = mirror.sync(only=("customers", "jobs"))
    assert [outcomes[name].status for name in ("customers", "jobs")] == ["completed", "failed"]
    mirror.source.clear_faults()
    assert mirror.sync(only=("jobs",))["jobs"].updated == 2
    assert mirror.differences() == []


def test_a_fault_in_the_middle_of_a_list_moves_no_cursor(mirror: Mirror) -> None:
    mirror.settings |= {"patience": 1, "page_size": 5}
    mirror.source.touch("jobs", count=12)
    mirror.source.fault("jobs", {"status": 500}, first=2)
    before = mirror.row("select cursor, full_due from raw_servicetitan.sync_cursors where list = 'jobs'")
    assert mirror.sync(only=("jobs",))["jobs"].fetched == 5
    assert mirror.row("select cursor, full_due from raw_servicetitan.sync_cursors where list = 'jobs'") == before
    mirror.source.clear_faults()
    mirror.sync(only=("jobs",))
    assert mirror.differences() == []


def test_tokens_that_are_revoked_are_renewed_once_per_refusal(mirror: Mirror) -> None:
    mirror.settings["page_size"] = 5
    mirror.source.reset_calls()
    mirror.source.fault("jobs", {"revoke_tokens": True}, calls=[2, 4])
    assert mirror.sync(full=True, only=("jobs",))["jobs"].status == "completed"
    assert 2 <= mirror.source.calls()["tokens"] <= 3  # calls under way may share a refusal


def test_tokens_that_expire_in_the_middle_are_renewed(mirror: Mirror) -> None:
    mirror.source.settings(token_lifetime=1, latency=0.3)
    mirror.settings |= {"page_size": 1, "requests_per_second": 20.0}
    assert mirror.sync(full=True, only=("jobs",))["jobs"].status == "completed"
    assert 2 < mirror.source.calls()["tokens"] < 15
    assert mirror.differences() == []


def test_the_limit_holds_through_a_storm(mirror: Mirror) -> None:
    mirror.settings |= {"requests_per_second": 20.0, "page_size": 10, "patience": 30}
    mirror.source.fault("", {"status": 429, "retry_after": "0"}, every=3)
    mirror.source.reset_calls()
    outcomes = mirror.sync(full=True)
    calls = mirror.source.calls()
    assert {outcome.status for outcome in outcomes.values()} == {"completed"}
    assert calls["max_per_second"] <= 22  # a busy machine hands over a call or two late, beside the next ones
    assert sum(outcome.throttled_calls for outcome in outcomes.values()) == calls["statuses"]["429"]
    assert sum(outcome.api_calls for outcome in outcomes.values()) == calls["total"]


def test_a_slow_answer_holds_up_its_own_list_only(mirror: Mirror) -> None:
    mirror.settings["timeout"] = 1
    mirror.source.fault("campaigns", {"delay": 2}, calls=[1])
    outcomes = mirror.sync(only=("campaigns", "jobs"))
    assert {name: outcome.status for name, outcome in outcomes.items()} == {
        "campaigns": "completed",
        "jobs": "completed",
    }
    assert (outcomes["campaigns"].api_calls, outcomes["jobs"].api_calls) == (2, 1)


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_wrong_clock_on_our_side_loses_no_change(mirror: Mirror, hours: int) -> None:
    """The earlier of the server's clock and ours says how far was read: the server's is what differs here."""
    mirror.rows("delete from raw_servicetitan.sync_cursors where list = 'jobs'")
    mirror.source.settings(clock_offset=hours * 3600)
    mirror.sync(only=("jobs",))
    mirror.source.touch("jobs", count=2)
    assert mirror.sync(only=("jobs",))["jobs"].updated == 2
    moment = mirror.row("select max(cursor) from raw_servicetitan.sync_cursors where list = 'jobs'")[0]
    assert abs(moment - datetime.now(timezone.utc) - timedelta(hours=min(hours, 0))) < timedelta(minutes=2)


def test_a_server_clock_that_was_set_back_loses_no_change(mirror: Mirror) -> None:
    mirror.source.settings(clock_offset=-7200)
    mirror.source.touch("jobs", count=2)
    assert mirror.sync(only=("jobs",))["jobs"].updated == 2


def test_a_change_on_a_page_that_was_read_already_is_read_by_the_next_sync(mirror: Mirror) -> None:
    mirror.settings |= {"page_size": 5, "overlap": 0}
    first, later = mirror.listed("jobs")[0]["id"], mirror.listed("jobs")[12]["id"]
    mirror.source.fault("jobs", {"actions": [{"touch": {"entity": "jobs", "ids": [first]}}]}, calls=[2])
    mirror.source.fault("jobs", {"actions": [{"touch": {"entity": "jobs", "ids": [later]}}]}, calls=[2])
    mirror.sync(full=True, only=("jobs",))
    mirror.sync(only=("jobs",))
    assert mirror.differences() == []


def test_a_late_record_inside_the_overlap_is_found(mirror: Mirror) -> None:
    mirror.sync()
    stamp = (datetime.now(timezone.utc) - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%S.1234567Z")
    job = mirror.listed("jobs")[0]["id"]
    mirror.source.set("jobs", job, {"summary": "late", "modifiedOn": stamp}, bump=False)
    assert mirror.sync(only=("jobs",))["jobs"].updated == 1


@pytest.mark.parametrize("stamp", [None, "0001-01-01T00:00:00Z", "soon"])
def test_a_record_without_a_usable_modified_on_lands_with_a_full_read(mirror: Mirror, stamp: str | None) -> None:
    invoice = mirror.listed("invoices")[0]["id"]
    mirror.source.set("invoices", invoice, {"modifiedOn": stamp, "summary": "odd"}, bump=False)
    mirror.sync(full=True, only=("invoices",))
    assert mirror.differences() == []
    assert mirror.row(f"select modified_on from raw_servicetitan.invoices where id = {invoice}") == (None,)

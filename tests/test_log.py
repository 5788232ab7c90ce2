"""What the log says of a run, whatever became of it."""

from __future__ import annotations

import pytest

from mirror import Mirror
from servicetitan_mirror.entities import STANDARD
from servicetitan_mirror.errors import ConfigurationError, MirrorError

LATEST = "(select run_id from st_sync_log order by started_at desc limit 1)"


def test_a_first_sync_that_is_refused_everywhere_says_why(empty_mirror: Mirror) -> None:
    empty_mirror.source.fault("/v2/tenant/", {"status": 403}, every=1)
    outcomes = empty_mirror.sync()
    assert outcomes.pop("models").status == "completed"  # the marts of the empty tables
    assert {outcome.status for outcome in outcomes.values()} == {"failed"}
    assert "tn.crm.customers:r" in (outcomes["customers"].error or "")
    logged = empty_mirror.rows("select module, status, error_message from st_sync_log where module <> 'models'")
    assert sorted(logged) == sorted((entity.name, "failed", outcomes[entity.name].error) for entity in STANDARD)


def test_a_run_that_gets_no_token_is_in_the_log_with_its_cause(mirror: Mirror) -> None:
    mirror.source.fault("token", {"status": 400}, every=1)
    with pytest.raises(ConfigurationError, match="refuses the client id or secret") as refused:
        mirror.sync(full=True, only=("jobs", "campaigns"), triggered_by="scheduled")
    rows = mirror.rows(f"""
        select module, sync_type, status, triggered_by, error_message, duration_ms from st_sync_log
        where run_id = {LATEST}""")
    expected = ("full", "failed", "scheduled", str(refused.value), 0)
    assert sorted(rows) == [("campaigns", *expected), ("jobs", *expected)]


def test_a_run_has_a_limit(mirror: Mirror) -> None:
    mirror.settings["run_limit"] = 3
    mirror.source.touch("campaigns", count=2)
    mirror.source.fault("jobs", {"delay": 8}, calls=[1])
    with pytest.raises(MirrorError, match=r"ended after 3 s, .* SOURCES__SERVICETITAN__RUN_LIMIT"):
        mirror.sync()
    rows = mirror.rows(f"select status, error_message from st_sync_log where run_id = {LATEST} and module = 'jobs'")
    assert [(status, message[:28]) for status, message in rows] == [("failed", "The sync was ended after 3 s")]
    mirror.settings["run_limit"] = 0
    mirror.sync()
    assert mirror.differences() == []


def test_the_log_says_how_many_failures_are_open_and_when_the_table_was_built(mirror: Mirror) -> None:
    job = mirror.listed("jobs")[0]["id"]
    mirror.source.set("jobs", job, {"total": "a lot"})
    mirror.source.raw("jobs", 10**9, '{"name": "no id"}')
    assert mirror.sync(full=True)["jobs"].failed == 2
    assert mirror.row(f"""
        select completed_at >= local_synced_at from st_sync_log, st_jobs
        where module = 'jobs' and run_id = {LATEST} and st_id = {job}""") == (True,)
    mirror.source.delete("jobs", ids=[10**9])
    outcome = mirror.sync()["jobs"]
    assert (outcome.failed, outcome.failures_open) == (0, 1)
    assert mirror.row(f"""
        select records_failed, failures_open, duration_ms = round(1000 * extract(epoch from completed_at - started_at))
        from st_sync_log where module = 'jobs' and run_id = {LATEST}""") == (0, 1, True)

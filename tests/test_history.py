"""History: where the setting says so, a record keeps the states in which syncs have found it."""

from __future__ import annotations

from datetime import datetime

import pytest

from mirror import Mirror

SETTING = "SOURCES__SERVICETITAN__HISTORY"
STATES = """
    select job_status, dbt_valid_from, dbt_valid_to
    from analytics.history_of_jobs where st_id = %s order by dbt_valid_from
"""
OPEN_ON = """
    select count(*) from analytics.history_of_jobs
    where st_id = %s and job_status not in ('Completed', 'Canceled') and deleted_at is null
        and dbt_valid_from <= '%s' and (dbt_valid_to is null or dbt_valid_to > '%s')
"""


def written(mirror: Mirror, job: int) -> datetime:
    """When the job's row was written as it is."""
    at: datetime = mirror.row(f"select local_synced_at from st_jobs where st_id = {job}")[0]
    return at


def test_a_job_that_changed_twice_between_two_syncs_has_made_one_step(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = mirror.source.records("jobs")[0]["id"]
    mirror.source.set("jobs", job, {"jobStatus": "Scheduled"})
    monkeypatch.setenv(SETTING, "on")
    models = mirror.sync()["models"]
    assert (models.status, models.error) == ("completed", None)
    scheduled = written(mirror, job)
    assert mirror.rows(STATES % job) == [("Scheduled", scheduled, None)]
    for status in ("InProgress", "Completed"):
        mirror.source.set("jobs", job, {"jobStatus": status})
    mirror.sync()
    completed = written(mirror, job)
    assert mirror.rows(STATES % job) == [("Scheduled", scheduled, completed), ("Completed", completed, None)]
    open_on = [mirror.row(OPEN_ON % (job, moment, moment)) for moment in (scheduled, completed)]
    assert open_on == [(1,), (0,)]


def test_history_that_is_off_is_not_there(mirror: Mirror) -> None:
    mirror.source.touch("jobs")
    mirror.sync()
    there = "select count(*) from information_schema.tables where table_name like %s"
    assert mirror.row(there.replace("%s", "'history_of%'")) == (0,)

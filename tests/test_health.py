"""What is wrong with the mirror: since when, and until when."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

from mirror import Mirror
from servicetitan_mirror.operation.health import Condition, conditions

SINCE = "select min(started_at) from st_sync_log where module = '{0}' and status = '{1}'"


def found(mirror: Mirror, max_age: timedelta | None = None) -> list[Condition]:
    with closing(mirror.warehouse.connect()) as connection:
        return conditions(connection, max_age)


def test_a_refused_deletion_is_wrong_until_a_full_read_completes(mirror: Mirror) -> None:
    gone = [job["id"] for job in mirror.listed("jobs")[:25]]
    mirror.source.delete("jobs", ids=gone)
    mirror.sync(full=True, only=("jobs",))
    (since,) = mirror.row(SINCE.format("jobs", "failed"))
    advice = (
        "If they are really gone, run once: SOURCES__SERVICETITAN__MAX_DELETED_SHARE=1 servicetitan --full --only jobs"
    )
    what = f"25 records no longer listed, so none is marked as deleted: too many at once. {advice}"
    refused = Condition(int(mirror.source.tenant_id), "guard", "jobs", since, what)
    assert found(mirror) == [refused]
    mirror.sync()
    assert found(mirror) == [refused]  # although every module has completed since
    mirror.settings["max_deleted_share"] = 1.0
    mirror.sync(full=True, only=("jobs",))
    assert found(mirror) == []


def test_what_fails_again_and_again_is_wrong_since_the_first_time(mirror: Mirror) -> None:
    mirror.source.settings(removed_scopes=["tn.mrk.campaigns:r"])
    mirror.sync(only=("campaigns",))
    mirror.sync(only=("campaigns",))
    mirror.rows("update raw_servicetitan.sync_log set status = 'started' where module = 'jobs'")
    assert [(one.kind, one.subject, one.since, one.stops_data) for one in found(mirror)] == [
        ("failed", "campaigns", *mirror.row(SINCE.format("campaigns", "failed")), True),
        ("abandoned", "jobs", *mirror.row(SINCE.format("jobs", "started")), True),
    ]


def test_old_data_is_wrong_since_it_became_too_old(mirror: Mirror) -> None:
    mirror.rows("update raw_servicetitan.sync_cursors set cursor = '2026-01-31 06:00+00' where entity = 'jobs'")
    (old,) = found(mirror, timedelta(days=3))
    (since,) = mirror.row("select '2026-02-03 06:00+00'::timestamptz")
    assert (old.kind, old.subject, old.since) == ("old", "st_jobs", since)

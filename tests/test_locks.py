"""Somebody's open `lock table` costs the module whose table it is, for one sync, and is named."""

from __future__ import annotations

import threading
from contextlib import closing

import pytest

from mirror import Mirror
from servicetitan_mirror.postgres.warehouse import LOCK_SPACE, query, transaction

STAGING = "raw_servicetitan_staging_1234567"


@pytest.mark.parametrize("full", [False, True], ids=["changes", "full"])
@pytest.mark.parametrize("table", ["raw_servicetitan.jobs", "public.st_jobs", f"{STAGING}.jobs"])
def test_a_locked_table_fails_its_module_names_the_holder_and_the_others_complete(
    mirror: Mirror, table: str, full: bool
) -> None:
    mirror.settings["lock_timeout"] = 1
    for name in ("jobs", "customers", "campaigns"):
        mirror.source.touch(name, count=3)
    with closing(mirror.warehouse.connect("Ann's psql")) as other, transaction(other):
        query(other, f"lock table {table}")
        outcomes = mirror.sync(full=full)
        holder = f"Table {table} is held by process {other.info.backend_pid} (Ann's psql, user postgres, since "
    failed = {name: outcome.error or "" for name, outcome in outcomes.items() if outcome.status == "failed"}
    around = table.startswith(STAGING)  # what is staged can land without it
    assert [holder in error for error in failed.values()] == ([] if around else [True] * len(failed))
    assert ("jobs" in failed) is not around
    assert outcomes["customers"].status == "completed"
    assert {outcome.status for outcome in mirror.sync().values()} == {"completed"}
    assert mirror.differences() == []
    shown = "select count(*) from st_jobs join raw_servicetitan.jobs on id = st_id where full_data = record"
    assert mirror.row(shown) == (len(mirror.listed("jobs")),)


def test_the_build_of_another_tenant_is_waited_for_however_long_it_takes(mirror: Mirror) -> None:
    mirror.settings["lock_timeout"] = 1
    mirror.source.touch("jobs")
    with closing(mirror.warehouse.connect()) as other:
        query(other, f"select pg_advisory_lock({LOCK_SPACE}, 0)")
        threading.Timer(3, lambda: query(other, f"select pg_advisory_unlock({LOCK_SPACE}, 0)")).start()
        assert mirror.sync()["jobs"].status == "completed"

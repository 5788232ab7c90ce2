"""Two syncs at once: one works, the other ends with 3 and says who holds the lock; a dead holder frees it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT
from crash import Point, a_few_or_all, start, wait_until, what_is_wrong
from mirror import Mirror
from servers import new_database
from servicetitan_mirror.postgres.warehouse import RAW

LOADING = Point("dlt.pipeline.pipeline:Pipeline.load")
MERGING = Point("dlt.destinations.job_client_impl:SqlLoadJob.run")
BUILDING = Point("servicetitan_mirror.tables.kept_merges:run")
UNLOCKED = "select count(*) = 0 from pg_locks where locktype = 'advisory'"


@pytest.fixture
def second_root(tmp_path: Path) -> Path:
    """Another checkout."""
    for name in ("dbt_project", "pipelines", ".dlt"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


@pytest.mark.parametrize("where", ["one directory", "two directories"])
def test_of_two_syncs_at_once_one_works_and_one_says_who_does(mirror: Mirror, second_root: Path, where: str) -> None:
    mirror.source.touch("jobs", count=3)
    other = Mirror(mirror.source, mirror.warehouse, mirror.root if where == "one directory" else second_root)
    with start(mirror, "--only", "jobs", halt=LOADING) as first:
        first.wait_until_halted()
        second = other.command()
        assert (second.returncode, first.resume().end()[0]) == (3, 0)
    holder = rf"tenant {mirror.source.tenant_id} is running: .+:{first.process.pid} \(host:process\), since 2\d{{3}}-"
    assert re.search(holder, second.stderr)
    assert what_is_wrong(mirror) == {}


@pytest.mark.parametrize("where", a_few_or_all([], ["two directories", "one directory"]))
def test_of_two_syncs_that_start_together_one_works(mirror: Mirror, second_root: Path, where: str) -> None:
    mirror.source.touch("jobs", count=3)
    mirror.source.fault("jobs", {"delay": 4})
    other = Mirror(mirror.source, mirror.warehouse, mirror.root if where == "one directory" else second_root)
    with start(mirror) as first, start(other) as second:
        assert sorted([first.end()[0], second.end()[0]]) == [0, 3]
    assert what_is_wrong(mirror) == {}


def test_a_killed_holder_frees_the_lock(mirror: Mirror) -> None:
    mirror.source.touch("jobs", count=3)
    with start(mirror, halt=MERGING) as run:
        run.wait_until_halted()
        assert mirror.row(UNLOCKED) == (False,)
    wait_until(mirror, UNLOCKED, seconds=1)
    mirror.sync()
    assert what_is_wrong(mirror) == {}


def test_two_tenants_sync_into_one_database_at_once(mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("servicetitan_simulator.api.application.check_tenant", lambda *_: None)
    mirror.source.touch("jobs", count=3)
    with start(mirror, "--only", "jobs", halt=MERGING) as first:
        first.wait_until_halted()
        second = Mirror(mirror.source, mirror.warehouse, mirror.root, {"tenant_id": 2}).command("--only", "jobs")
        assert (second.returncode, first.resume().end()[0]) == (0, 0)
    assert len(of_each_tenant(mirror, f"{RAW}.jobs", "id, record, deleted_at")) == 1
    assert len(of_each_tenant(mirror, "st_jobs", "st_id, full_data, deleted_at")) == 1


@pytest.mark.parametrize("point", a_few_or_all([], [BUILDING, LOADING]), ids=str)
def test_one_directory_syncs_into_two_databases_at_once(mirror: Mirror, point: Point) -> None:
    other = Mirror(mirror.source, new_database(mirror.warehouse, template=mirror.warehouse), mirror.root)
    mirror.source.touch("jobs", count=3)
    with start(mirror, "--only", "jobs", halt=point) as first:
        first.wait_until_halted()
        second = other.command("--only", "jobs")
        assert (second.returncode, first.resume().end()[0]) == (0, 0)
    assert (what_is_wrong(mirror), what_is_wrong(other)) == ({}, {})


def of_each_tenant(mirror: Mirror, table: str, columns: str) -> set[Any]:
    """What a table holds of each tenant; one element when all tenants hold the same."""
    whole = f"md5(string_agg(({columns})::text, '' order by ({columns})::text))"
    rows = mirror.rows(f"select tenant_id, {whole} from {table} group by 1")
    assert len(rows) == 2
    return {digest for _, digest in rows}

"""What a sync leans on goes away under it: connections, the server, the working folder, the disk; and SIGTERM."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from crash import (
    EVERY_POINT,
    MERGES,
    Point,
    a_few_or_all,
    end_connections,
    is_clear,
    make_changes,
    start,
    table_locked,
    wait_until,
    waits_for_a_lock,
    what_is_wrong,
)
from mirror import Mirror, simulator
from servers import Debian15, debian_15_server
from servicetitan_mirror.postgres.warehouse import Warehouse, locked
from servicetitan_simulator import Simulator

PAGE = Point("servicetitan_mirror.api.client:Client.page", "after", 9)
EXTRACTING = Point("dlt.pipeline.pipeline:Pipeline.extract")
LOADING = Point("dlt.pipeline.pipeline:Pipeline.load")
COPYING = Point("dlt.destinations.impl.postgres.postgres:PostgresCsvCopyJob.run")
MERGING = Point("dlt.destinations.job_client_impl:SqlLoadJob.run")
BUILDING = Point("servicetitan_mirror.tables.kept_merges:run")
SETTLING = Point("servicetitan_mirror.raw.cursors:advance")
STARTING = Point("servicetitan_mirror.raw.log:SyncLog.start", "before", 3)
FINISHING = Point("servicetitan_mirror.raw.log:SyncLog.finish")
LOCK, LOG, LOAD, BUILD = "servicetitan sync %", "servicetitan", "servicetitan load", "servicetitan build"
RAW_JOBS, ST_JOBS = ("raw_servicetitan.jobs", LOAD), ("st_jobs", "servicetitan %")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")


@pytest.fixture(scope="module")
def server(debian_15_binaries: Path) -> Iterator[Debian15]:
    """A PostgreSQL 15 that these tests may do anything to."""
    with debian_15_server() as server:
        yield server


@pytest.fixture(scope="module")
def mirror_on_server(server: Debian15, root: Path) -> Iterator[Mirror]:
    """A mirror on that server, synced once; its tests change the source, so that each has something to do."""
    with simulator() as source:
        mirror = Mirror(source, server.warehouse, root)
        mirror.sync()
        yield mirror


@pytest.mark.parametrize(
    ("connection", "point"),
    a_few_or_all(
        [(LOCK, SETTLING), (LOG, STARTING)],
        [
            (LOCK, LOADING),
            (LOCK, BUILDING),
            (LOG, FINISHING),
            (LOAD, COPYING),
            (LOAD, MERGING),
            (BUILD, BUILDING),
            ("%", MERGING),
        ],
    ),
    ids=str,
)
def test_a_lost_connection_costs_one_sync_at_most(mirror: Mirror, connection: str, point: Point) -> None:
    make_changes(mirror)
    with start(mirror, halt=point) as run:
        run.wait_until_halted()
        assert end_connections(mirror, connection) > 0
        code, said = run.resume().end(40)
    assert (code in (0, 1), is_clear(said)) == (True, True), said
    mirror.sync()
    assert what_is_wrong(mirror) == {}


@pytest.mark.parametrize("point", a_few_or_all([MERGING], [PAGE, BUILDING]), ids=str)
def test_a_restart_of_postgresql_costs_one_sync(mirror_on_server: Mirror, server: Debian15, point: Point) -> None:
    make_changes(mirror_on_server)
    with start(mirror_on_server, halt=point) as run:
        run.wait_until_halted()
        server.control("restart", "-m", "immediate")
        code, said = run.resume().end(40)
    assert (code, is_clear(said)) == (1, True), said
    mirror_on_server.sync()
    assert what_is_wrong(mirror_on_server) == {}


@pytest.mark.parametrize("point", a_few_or_all([], [LOADING, PAGE, EXTRACTING, BUILDING]), ids=str)
def test_the_working_folder_may_vanish(mirror: Mirror, point: Point) -> None:
    make_changes(mirror)
    with start(mirror, halt=point) as run:
        run.wait_until_halted()
        shutil.rmtree(mirror.root / ".servicetitan")
        code, said = run.resume().end()
    assert (code in (0, 1), is_clear(said)) == (True, True), said
    mirror.sync()
    assert what_is_wrong(mirror) == {}


@as_root
def test_a_full_disk_under_the_working_folder_costs_one_sync(mirror: Mirror) -> None:
    make_changes(mirror)
    folder = mirror.root / ".servicetitan"
    shutil.rmtree(folder, ignore_errors=True)
    with small_disk(folder) as fill:
        fill()
        done = mirror.command()
    assert (done.returncode, is_clear(done.stderr)) == (1, True), done.stderr
    mirror.sync()
    assert what_is_wrong(mirror) == {}


@as_root
@pytest.mark.parametrize("point", a_few_or_all([], [LOADING, PAGE, BUILDING]), ids=str)
def test_a_full_disk_under_the_database_costs_one_sync(
    server: Debian15, source: Simulator, root: Path, point: Point
) -> None:
    with ExitStack() as stack:
        disk = server.folder / "disk"
        fill = stack.enter_context(small_disk(disk, "postgres"))
        mirror = stack.enter_context(on_disk(server, disk, Mirror(source, server.warehouse, root)))
        mirror.sync()
        source.touch("jobs", count=20)
        with start(mirror, halt=point) as run:
            run.wait_until_halted()
            empty = fill()
            code, said = run.resume().end(40)
        assert (code, is_clear(said)) == (1, True), said
        empty()
        mirror.sync()
        assert what_is_wrong(mirror) == {}


def test_sigterm_ends_a_sync_that_reads(mirror: Mirror) -> None:
    make_changes(mirror)
    mirror.source.fault("jobs", {"delay": 20})
    with start(mirror) as run:
        wait_until(mirror, "select count(*) > 0 from raw_servicetitan.sync_log where status = 'started'")
        assert_it_ends_tidily(run.process)
    mirror.source.clear_faults()
    mirror.sync()
    assert what_is_wrong(mirror) == {}


@pytest.mark.parametrize(("table", "application"), a_few_or_all([RAW_JOBS], [ST_JOBS]), ids=str)
def test_sigterm_ends_a_sync_that_waits_for_postgresql(mirror: Mirror, table: str, application: str) -> None:
    make_changes(mirror)
    with table_locked(mirror, table), start(mirror) as run:
        wait_until(mirror, waits_for_a_lock(application, MERGES))
        assert_it_ends_tidily(run.process)
    mirror.sync()
    assert what_is_wrong(mirror) == {}


@pytest.mark.parametrize("point", a_few_or_all([], [COPYING, MERGING]), ids=str)
def test_sigterm_ends_a_sync_at_its_next_step(mirror: Mirror, point: Point) -> None:
    make_changes(mirror)
    with start(mirror, "--full", halt=point, batch=30) as run:
        run.wait_until_halted().process.terminate()
        run.resume()
        assert_it_ends_tidily(run.process, sent=True)
    mirror.sync()
    assert what_is_wrong(mirror) == {}


@pytest.mark.skipif(not EVERY_POINT, reason="CRASH_POINTS=all")
def test_sigterm_ends_a_sync_that_waits_for_another(mirror: Mirror) -> None:
    with locked(mirror.warehouse, int(mirror.source.tenant_id)), start(mirror, "--wait", "60") as run:
        wait_until(mirror, f"select count(*) = 2 from pg_stat_activity where application_name like '{LOCK}'")
        assert_it_ends_tidily(run.process)


@pytest.mark.parametrize(("table", "application"), a_few_or_all([], [RAW_JOBS, ST_JOBS]), ids=str)
def test_a_statement_that_outlives_its_process_spoils_nothing(mirror: Mirror, table: str, application: str) -> None:
    make_changes(mirror)
    with ExitStack() as stack:
        stack.enter_context(table_locked(mirror, table))
        with start(mirror):
            wait_until(mirror, waits_for_a_lock(application, MERGES))
        make_changes(mirror)
        threading.Timer(1.5, stack.pop_all().close).start()
        mirror.sync()
    assert what_is_wrong(mirror) == {}


def assert_it_ends_tidily(process: subprocess.Popen[str], sent: bool = False) -> None:
    """Within ten seconds of SIGTERM, with exit code 1 and a line that says so."""
    if not sent:
        process.send_signal(signal.SIGTERM)
    _, complaints = process.communicate(timeout=10)
    assert (process.returncode, is_clear(complaints)) == (1, True), complaints
    assert "Stopped; what has landed stays" in complaints


@contextmanager
def small_disk(folder: Path, owner: str = "root", size: str = "64m") -> Iterator[Callable[[], Callable[[], None]]]:
    """A disk of its own; what it yields fills it, and returns what empties it again."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=True)
    shutil.chown(folder, owner)

    def fill() -> Callable[[], None]:
        subprocess.run(
            ["dd", "if=/dev/zero", f"of={folder / 'filler'}", "bs=4k"], check=False, stderr=subprocess.DEVNULL
        )
        return (folder / "filler").unlink

    try:
        yield fill
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
        folder.rmdir()


@contextmanager
def on_disk(server: Debian15, disk: Path, mirror: Mirror) -> Iterator[Mirror]:
    """The mirror, with its database on that disk."""
    home = Warehouse(mirror.warehouse.dsn.replace("dbname=postgres", "dbname=small"))
    mirror.rows(f"create tablespace small location '{disk}'")
    mirror.rows("create database small tablespace small")
    yield Mirror(mirror.source, home, mirror.root)
    mirror.rows("drop database small with (force)")
    mirror.rows("drop tablespace small")

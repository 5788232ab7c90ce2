"""A sync that is killed at any moment: the next one finishes the job, nothing is lost, nothing is doubled.

CRASH_POINTS=all kills at every point; without it at a dozen of them.
"""

from __future__ import annotations

import itertools
import random
import time

import pytest

from crash import (
    Point,
    a_few_or_all,
    left_behind,
    log_of,
    make_changes,
    read_in_full,
    run_until_killed,
    start,
    what_is_wrong,
)
from mirror import Mirror
from servicetitan_mirror.entities import BY_NAME, LISTS, PUBLISHED, STANDARD
from servicetitan_mirror.postgres.warehouse import RAW

SMALL = 100  # records of a load, so that the small business takes several
COPY = "dlt.destinations.impl.postgres.postgres:PostgresCsvCopyJob.run"
MERGE = "dlt.destinations.job_client_impl:SqlLoadJob.run"
COMMIT = "dlt.destinations.impl.postgres.sql_client:Psycopg2SqlClient.commit_transaction"
COMPLETE = "dlt.destinations.job_client_impl:SqlJobClientBase.complete_load"
PIPELINE = "dlt.pipeline.pipeline:Pipeline"
MODEL = "dbt.task.run:ModelRunner.execute"
SETTLING, LOG = "servicetitan_mirror.raw.settling", "servicetitan_mirror.raw.log:SyncLog"
PENDING = "servicetitan_mirror.raw.pending_loads"
CURSORS, TRANSFORM = "servicetitan_mirror.raw.cursors", "servicetitan_mirror.tables.builds"
BUILD = "servicetitan_mirror.tables.kept_merges:run"

FIRST = [
    Point("servicetitan_mirror.raw.schema:query", "after", 8),  # some landed tables are made
]
FIRST_TOO = [
    Point(MODEL, "after", 7),
    Point("servicetitan_mirror.api.client:Client.page", "after", 20),
    Point("servicetitan_mirror.sync:prepare", "after"),
    Point("dlt.load.load:Load.initialize_package", "after"),
    Point(COMMIT, "before", 9),
    Point(f"{TRANSFORM}:Transformer._mark_all_pending", "after"),
    Point(MODEL, "before"),
    Point(f"{LOG}.finish", "after", 3),
]
CHANGES = [
    Point(f"{PENDING}:announce", "after"),
    Point(COPY, "after", 2),
    Point(MERGE, "after", 1),
    Point(f"{CURSORS}:advance", "after", 3),
    Point(f"{TRANSFORM}:Transformer._remove_built", "before"),
]
CHANGES_TOO = [
    Point(f"{LOG}.start", "after", 9),
    Point(f"{LOG}.finish", "after", 2),
    Point("servicetitan_mirror.raw.history:abandon", "before"),
    Point("servicetitan_mirror.sync:plan_streams", "after"),
    Point("servicetitan_mirror.api.client:Client.page", "after", len(LISTS)),
    Point(f"{PIPELINE}.extract", "before"),
    Point(f"{PIPELINE}.extract", "after"),
    Point(f"{PENDING}:announce", "before"),
    Point(f"{PIPELINE}.normalize", "before"),
    Point(f"{PIPELINE}.normalize", "after"),
    Point("dlt.load.load:Load.initialize_package", "after"),
    Point(COPY, "before", 1),
    Point(COMMIT, "before", 1),
    Point(COMMIT, "after", 3),
    Point(MERGE, "before", 2),
    Point(MERGE, "after", 3),
    Point(COMPLETE, "before"),
    Point(COMPLETE, "after"),
    Point(f"{PIPELINE}.load", "after"),
    Point(f"{SETTLING}:Settling._settle", "after", 1),
    Point(f"{LOG}.settled", "before", 5),
    Point(f"{LOG}.settled", "after", 5),
    Point(BUILD, "before"),
    Point(BUILD, "after", 2),
    Point("servicetitan_mirror.tables.kept_merges:run_all", "after"),
    Point(f"{TRANSFORM}:Transformer._remove_built", "after"),
    Point(f"{LOG}.finish", "before", 1),
    Point("servicetitan_mirror.raw.history:prune", "before"),
    Point("servicetitan_mirror.raw.history:prune", "after"),
]
FULL = [  # and whether the next sync is asked for everything too
    (Point(f"{PIPELINE}.load", "before", 3), True),
    (Point(f"{SETTLING}:mark_deleted", "after", 12), False),
]
FULL_TOO = [
    (Point(f"{CURSORS}:schedule_full", "before"), True),
    *itertools.product(
        [
            Point(f"{CURSORS}:schedule_full", "after"),
            Point(f"{PIPELINE}.extract", "after", 2),
            Point(f"{PIPELINE}.load", "after", 4),
            Point(f"{SETTLING}:Settling._settle", "after", 9),
            Point(BUILD, "before", 2),
            Point("servicetitan_mirror.tables.kept_merges:run_all", "after"),
            Point(f"{LOG}.finish", "before", 1),
        ],
        [True, False],
    ),
    *itertools.product([Point(f"{LOG}.finish", "after", 10)], [True, False]),
    (Point(f"{LOG}.finish", "after", len(STANDARD)), False),
    (Point(f"{SETTLING}:mark_deleted", "after", 12), True),
    (Point(f"{PIPELINE}.load", "before", 3), False),
]
ROW = (Point(MERGE, "after"), Point(f"{CURSORS}:advance"), Point(BUILD, "after"))


@pytest.mark.parametrize("point", a_few_or_all(FIRST, FIRST_TOO), ids=str)
def test_a_first_sync_that_was_killed_is_finished_by_the_next(empty_mirror: Mirror, point: Point) -> None:
    expected = kill(empty_mirror, point)
    empty_mirror.sync()
    assert what_is_wrong(empty_mirror) == {}
    assert log_of(empty_mirror).items() >= expected.items()


@pytest.mark.parametrize("point", a_few_or_all(CHANGES, CHANGES_TOO), ids=str)
def test_a_sync_of_changes_that_was_killed_is_finished_by_the_next(mirror: Mirror, point: Point) -> None:
    make_changes(mirror)
    expected = kill(mirror, point)
    mirror.sync()
    assert what_is_wrong(mirror) == {}
    assert log_of(mirror).items() >= expected.items()


@pytest.mark.parametrize(("point", "full"), a_few_or_all(FULL, FULL_TOO), ids=str)
def test_a_full_sync_that_was_killed_goes_on_where_it_was(mirror: Mirror, point: Point, full: bool) -> None:
    mirror.settings["page_size"] = 5
    make_changes(mirror)
    mirror.source.delete("jobs", count=3)
    (began,) = mirror.row("select clock_timestamp()::text")
    expected = kill(mirror, point, "--full", batch=30)
    done = read_in_full(mirror, began)
    mirror.source.reset_calls()
    outcomes = mirror.sync(full=full)
    assert what_is_wrong(mirror) == {}
    assert log_of(mirror).items() >= expected.items()
    assert [name for name in done if outcomes[name].sync_type == "full" or pages_asked(mirror, name) >= 7] == []


@pytest.mark.parametrize("seed", a_few_or_all([], [*range(8)]))
def test_a_sync_that_was_killed_at_any_time_is_finished_by_the_next(mirror: Mirror, seed: int) -> None:
    make_changes(mirror)
    with start(mirror, "--full", batch=30):
        time.sleep(random.Random(seed).uniform(0.5, 2.5))
    expected = expected_log(mirror)
    mirror.sync(full=True)
    assert what_is_wrong(mirror) == {}
    assert log_of(mirror).items() >= expected.items()


@pytest.mark.parametrize(
    "row", a_few_or_all([], [(Point(MERGE, "after"), Point(f"{CURSORS}:advance"), Point(BUILD, "after"))])
)
def test_kills_in_a_row_are_mended_by_one_sync(mirror: Mirror, row: tuple[Point, ...]) -> None:
    for point in row:
        make_changes(mirror)
        kill(mirror, point)
    mirror.sync()
    assert what_is_wrong(mirror) == {}


def test_a_landed_table_that_was_lost_is_read_again_even_if_its_making_is_killed(mirror: Mirror) -> None:
    mirror.rows(f"drop table {RAW}.campaigns")
    run_until_killed(mirror, Point("servicetitan_mirror.raw.schema:query", "after", 3))
    mirror.sync()
    assert what_is_wrong(mirror) == {}


def test_a_full_sync_of_one_list_that_was_killed_does_not_stand_for_the_others(mirror: Mirror) -> None:
    mirror.source.delete("jobs")
    run_until_killed(mirror, Point(f"{CURSORS}:plan", "after"), "--full", "--only", "customers")
    run_until_killed(mirror, Point(f"{PIPELINE}.extract", "after"), "--full", "--only", "customers")
    assert mirror.sync(full=True)["jobs"].deleted == 1
    assert what_is_wrong(mirror) == {}


def kill(mirror: Mirror, point: Point, *arguments: str, batch: int = SMALL) -> dict[tuple[str, str], str]:
    """Kill a sync at a point; what the log must say from the next sync on."""
    run_until_killed(mirror, point, *arguments, batch=batch)
    print(left_behind(mirror))
    return expected_log(mirror)


def expected_log(mirror: Mirror) -> dict[tuple[str, str], str]:
    """What the log must say from the next sync on: what is called completed now can be queried as it landed."""
    log = log_of(mirror)
    latest = {module for (_, module), status in log.items() if status == "completed"} & {e.name for e in PUBLISHED}
    started = {module for (_, module), status in log.items() if status == "started"}
    assert [name for name in latest - started if not mirror.is_built(name)] == []
    return {row: "abandoned" if status == "started" else status for row, status in log.items()}


def pages_asked(mirror: Mirror, name: str) -> int:
    """How many calls a list has cost; a full read of the larger ones takes at least seven."""
    return int(mirror.source.calls()["by_entity"].get(name, 0)) if not BY_NAME[name].has_owners else 0

"""A mirror outlives the version that made it: an older layout is carried over, a newer one is left alone."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

from mirror import Mirror, simulator
from servers import new_database
from servicetitan_mirror import __version__
from servicetitan_mirror.postgres import layout
from servicetitan_mirror.postgres.warehouse import RAW, Warehouse, query
from servicetitan_mirror.raw.tables import MIGRATIONS

ROOT = Path(__file__).resolve().parents[1]
LAYOUT_1 = (ROOT / "tests" / "data" / "layout_1.sql").read_text()
LONG_AGO = {"full_every": "never", "log_retention_days": 36_500}  # the file's times stay, and time goes on
FORMER = f"create function {RAW}.to_numeric_18_4(value text) returns numeric language sql as 'select 1.0'"


def test_a_mirror_of_the_layout_before_is_carried_over_and_nothing_is_read_again(
    embedded_18: Warehouse, root: Path
) -> None:
    warehouse = new_database(embedded_18)
    with closing(warehouse.connect()) as connection:
        query(connection, LAYOUT_1)
        query(connection, FORMER)
    with simulator(1) as source:
        mirror = Mirror(source, warehouse, root, {**LONG_AGO, "distribution": None})
        cursors = mirror.rows(f"select list, full_synced_at from {RAW}.sync_cursors order by 1")
        outcomes = mirror.sync(only=("call_reasons", "customers", "jobs"))
    read = {name: (outcome.sync_type, outcome.fetched, outcome.api_calls) for name, outcome in outcomes.items()}
    assert read == dict.fromkeys(("call_reasons", "customers", "customer_contacts", "jobs"), ("incremental", 0, 1))
    assert mirror.rows(f"select list, full_synced_at from {RAW}.sync_cursors order by 1") == cursors
    assert [mirror.is_built(name) for name in ("call_reasons", "customers", "jobs")] == [True, True, True]
    versions = "select version, count(*) from st_sync_log group by 1 order by 1"
    assert mirror.rows(versions) == [(__version__, 4), (None, 4)]
    assert mirror.rows(f"select layout, version from {RAW}.layouts") == [(layout.LAYOUT, __version__)]
    assert mirror.row(f"select to_regprocedure('{RAW}.to_numeric_18_4(text)')") == (None,)


def test_a_newer_mirror_is_refused_and_left_as_it_is(mirror: Mirror) -> None:
    newer = layout.LAYOUT + 1
    with closing(mirror.warehouse.connect()) as connection:
        query(connection, f"insert into {RAW}.layouts values ({newer}, '9.0.0')")
    runs = mirror.row("select count(*) from st_sync_log")
    for verb in (("sync",), ("status",), ("rebuild", "customers"), ("dbt", "ls")):
        done = mirror.command(*verb)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.endswith(
            f"was brought to layout {newer} by servicetitan-mirror 9.0.0; this is {__version__}, which knows layouts "
            f"up to {layout.LAYOUT}. Nothing was changed: install 9.0.0 or newer here.\n"
        )
    assert mirror.row("select count(*) from st_sync_log") == runs


def test_the_changelog_begins_with_this_version_and_names_its_layout() -> None:
    newest = re.split(r"^## ", (ROOT / "CHANGELOG.md").read_text(), flags=re.M)[1]
    assert newest.startswith(__version__)
    assert f"Layout of the bookkeeping: {layout.LAYOUT}" in newest
    assert max(MIGRATIONS) <= layout.LAYOUT

"""Tenants of one database build at the same time, and none of them touches or waits for what is another's."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from mirror import Mirror, simulator
from servicetitan_mirror.entities import BY_NAME
from servicetitan_mirror.postgres.warehouse import query, transaction
from servicetitan_mirror.raw import pending_loads
from test_worker import wait_for

OTHER = 2


@pytest.fixture
def other(mirror: Mirror) -> Iterator[Mirror]:
    """Another tenant of the mirror's database, with the same ids."""
    with simulator(tenant_id=str(OTHER)) as source:
        second = Mirror(source, mirror.warehouse, mirror.root)
        second.sync(full=True)
        yield second


def test_a_tenant_whose_merge_hangs_delays_no_other(mirror: Mirror, other: Mirror) -> None:
    for each in (mirror, other):
        each.source.touch("jobs")
    slow = threading.Thread(target=mirror.sync)
    with closing(mirror.warehouse.connect("Ann's psql")) as ann, transaction(ann):
        query(ann, f"select from st_jobs where tenant_id <> {OTHER} for update")
        slow.start()
        wait_for(lambda: mirror.row("select count(*) from pg_locks where not granted") != (0,))
        assert other.sync()["jobs"].status == "completed"
        assert slow.is_alive()
    slow.join()
    assert [each.differences() for each in (mirror, other)] == [[], []]
    assert mirror.row("select count(*) from raw_servicetitan.pending_loads") == (0,)


def test_a_merge_leaves_the_rows_of_other_tenants_to_them(mirror: Mirror, other: Mirror) -> None:
    rows = mirror.rows("select tenant_id, max(local_synced_at) from st_customers group by 1 order by 1")
    with closing(mirror.warehouse.connect()) as connection:
        pending_loads.announce_all(connection, BY_NAME["customers"])
    mirror.rows("update st_customers set name = 'lost'")
    other.sync()
    written = mirror.rows("select tenant_id, max(local_synced_at) from st_customers group by 1 order by 1")
    assert [before < after for before, after in zip(rows, written, strict=True)] == [True, False]
    assert mirror.rows("select distinct tenant_id from st_customers where name = 'lost'") == [(1234567,)]
    assert set(mirror.rows("select distinct tenant_id from raw_servicetitan.pending_loads")) == {(1234567,)}

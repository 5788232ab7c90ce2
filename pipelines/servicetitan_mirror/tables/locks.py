"""Who may change the tables at the same time: advisory locks, which end with the session that holds them.

    together     merges of tenants, who never write the same row; any number of them
    alone        dbt, which makes tables, changes them and builds the rows of all tenants
    downstream   one run of what the user has built on the tables, beside any merges

A statement gives up after `lock_timeout`; these locks are waited for however long somebody else builds.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg2.extensions import connection as Connection

from servicetitan_mirror.postgres.warehouse import LOCK_SPACE, query

TABLES, DOWNSTREAM = 0, 2  # 1 is that of the raw schema


@contextmanager
def together(connection: Connection) -> Iterator[None]:
    """The tables stay as they are, but for rows of the tenants at work."""
    with _held(connection, TABLES, "_shared"):
        yield


@contextmanager
def alone(connection: Connection) -> Iterator[None]:
    """Nobody else writes into the tables."""
    with _held(connection, TABLES):
        yield


@contextmanager
def downstream(connection: Connection) -> Iterator[None]:
    """Nobody else runs what is downstream of the tables, which stay as they are meanwhile, but for rows."""
    with _held(connection, DOWNSTREAM), together(connection):
        yield


@contextmanager
def _held(connection: Connection, key: int, kind: str = "") -> Iterator[None]:
    patiently = "where set_config('lock_timeout', '0', true) = '0'"
    query(connection, f"select pg_advisory_lock{kind}(%s, %s) {patiently}", (LOCK_SPACE, key))
    try:
        yield
    finally:
        query(connection, f"select pg_advisory_unlock{kind}(%s, %s)", (LOCK_SPACE, key))

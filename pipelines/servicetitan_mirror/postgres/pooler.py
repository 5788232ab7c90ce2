"""A pooler before PostgreSQL that gives each transaction another session: our lock and settings would be lost."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from psycopg2.extensions import connection as Connection

from servicetitan_mirror.errors import ConfigurationError


def check(connection: Connection, another: Callable[[], Connection]) -> None:
    """Costs one statement where there is no pooler. `connection` commits by itself.

    Raises:
        ConfigurationError: the pooler shares sessions between connections.
    """
    session = _session(connection)
    if session == connection.info.backend_pid:  # a pooler tells numbers of its own
        return
    with closing(another()) as other:
        other.autocommit = False  # holds its session until it is closed
        if session == _session(other) or session != _session(connection):
            raise ConfigurationError(
                "A pooler in transaction mode stands before PostgreSQL: a sync needs connections that stay its own. "
                "Name PostgreSQL itself, or a pool in session mode."
            )


def _session(connection: Connection) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        ((pid,),) = cursor.fetchall()
    return int(pid)

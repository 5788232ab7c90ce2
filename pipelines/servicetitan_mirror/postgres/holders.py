"""Who holds a table that a sync waits for."""

from __future__ import annotations

import re
from contextlib import suppress

import psycopg2
from psycopg2.extensions import connection as Connection

HOW_MANY_WORDS = 1000


def holder(connection: Connection, statement: str = "") -> str:
    """The session that holds one of the mirror's tables, preferably one that the statement names; "" if none does."""
    with suppress(psycopg2.Error), connection.cursor() as cursor:
        cursor.execute(_HOLDER, {"words": words(statement)})
        for table, pid, application, user, since in cursor.fetchall():
            who = ", ".join(filter(None, [application, f"user {user}", since and f"since {since}"]))
            return f"Table {table} is held by process {pid} ({who}). To end it: select pg_terminate_backend({pid});"
    return "Nobody holds it any more."


def words(statement: str) -> list[str]:
    """What in a statement may be a table's name."""
    return [*dict.fromkeys(re.findall(r"[\w$]+", statement[:100_000]))][:HOW_MANY_WORDS]


# The strongest lock first: a statement of ours waits for none that only reads, unless it changes a table itself.
_HOLDER = """
select format('%%I.%%I', nspname, relname), pid, application_name, usename,
    to_char(xact_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"')
from pg_locks
join pg_stat_activity using (pid)
join pg_class on pg_class.oid = pg_locks.relation
join pg_namespace on pg_namespace.oid = relnamespace
where locktype = 'relation' and granted and pid <> pg_backend_pid()
    and pg_locks.database = (select oid from pg_database where datname = current_database())
    and (nspname = 'public' and relname like any (array['st\\_%%', 'v\\_%%']) or nspname like 'raw\\_servicetitan%%')
order by relname = any (%(words)s) desc, array_position(array['AccessExclusiveLock', 'ExclusiveLock',
    'ShareRowExclusiveLock', 'ShareLock', 'ShareUpdateExclusiveLock', 'RowExclusiveLock', 'RowShareLock'], mode),
    xact_start
limit 1
"""

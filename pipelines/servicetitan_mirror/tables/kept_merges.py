"""The short way round dbt, and the only one: the MERGE that dbt would run, kept and run without dbt.

To start dbt takes longer than all the rest of a sync that changed little (DECISIONS.md has the figures). So when dbt
has built a table, a post-hook of the model, `macros/servicetitan/keep_merge.sql`, keeps in `kept_merges` the statement
that dbt itself would run the next time. Where there is none, or it fails, the caller lets dbt run the model.
Without this module, the macro and the table, dbt would do the same work.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

import psycopg2
from psycopg2.extensions import connection as Connection

from servicetitan_mirror.postgres.warehouse import RAW, Warehouse, query, transaction
from servicetitan_mirror.tables import built_models

AT_ONCE = 3  # tables that are brought up to date, at most
_SOURCE = re.compile(r"^\s+using (\(.*\)) as DBT_INTERNAL_SOURCE$", re.MULTILINE | re.DOTALL)
THEN = "\n-- then\n"  # as the macro has it: what comes behind is no part of the MERGE


def run_all(warehouse: Warehouse, models: Collection[str], run_one: Callable[[Connection, str], bool]) -> set[str]:
    """Call `run_one` for each of the models, some at once; returns those of which it said False: dbt has to run them.

    None of them on the connection that holds the lock: a statement may outlive its process, a lock must not.
    """
    left = iter(models)
    with ExitStack() as opened, ThreadPoolExecutor(AT_ONCE) as pool:
        connections = [
            opened.enter_context(closing(warehouse.connect("servicetitan build")))
            for _ in range(min(len(models), AT_ONCE, warehouse.at_once))
        ]
        each = pool.map(lambda own: {model for model in left if not run_one(own, model)}, connections)
        return set().union(*each)


def select(connection: Connection, model: str) -> str | None:
    """The query by which the kept MERGE knows what the rows of pending loads are to be; None without one."""
    rows = query(connection, f"select statement from {RAW}.kept_merges where model = %s", (model,))
    found = _SOURCE.search(rows[0][0]) if rows else None
    return found.group(1) if found else None


def run(connection: Connection, model: str, tenant_id: int) -> bool:
    """Bring the tenant's rows of the model's table up to date in one transaction; False where dbt has to do it.

    Raises:
        psycopg2.OperationalError: a lock, the connection and the like, which dbt would meet as well.
    """
    rows = query(connection, f"select statement from {RAW}.kept_merges where model = %s", (model,))
    try:
        for (statement,) in rows:
            with transaction(connection):
                work_for(connection, tenant_id)
                _run(connection, model, statement)
    except (psycopg2.OperationalError, psycopg2.InterfaceError):
        raise
    except psycopg2.Error:
        return False
    return bool(rows)


def work_for(connection: Connection, tenant_id: int) -> None:
    """Limit the kept statements to one tenant, until the transaction ends."""
    query(connection, "select set_config('servicetitan.tenant_id', %s, true)", (str(tenant_id),))


def _run(connection: Connection, model: str, statement: str) -> None:
    merge, _, rest = statement.partition(THEN)
    with connection.cursor() as cursor:
        cursor.execute(merge)
        changed = cursor.rowcount > 0
    if rest.strip():
        query(connection, rest)
    if changed:
        built_models.note_changed(connection, model)

"""The short way round dbt, and the only one: the merge that dbt would run, kept and run without dbt.

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

from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from servicetitan_mirror.postgres.warehouse import RAW, Warehouse, query, transaction
from servicetitan_mirror.raw import pending_loads
from servicetitan_mirror.tables import built_models

AT_ONCE = 3  # tables that are brought up to date, at most
_SOURCE = re.compile(r"^\s+(?:using|from) (\(.*\)) as DBT_INTERNAL_SOURCE$", re.MULTILINE | re.DOTALL)
THEN = "\n-- then\n"  # as the macro has it: what comes behind is no part of the merge


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


def select(connection: Connection, model: str, tenant_id: int) -> str | None:
    """The query by which the kept merge knows what the tenant's rows of pending loads are to be; None without one."""
    statement = _kept(connection, model, tenant_id)
    found = _SOURCE.search(statement) if statement else None
    return found.group(1) if found else None


def is_kept(connection: Connection, model: str) -> bool:
    """Whether there is a statement that brings the model's table up to date."""
    return query(connection, f"select from {RAW}.kept_merges where model = %s", (model,)) != []


def run(connection: Connection, model: str, tenant_id: int) -> bool:
    """Bring the tenant's rows of the model's table up to date in one transaction; False where dbt has never built it.

    Raises:
        psycopg2.OperationalError: a lock, the connection and the like, which dbt would meet as well.
        psycopg2.Error: the statement does not fit the table, for which dbt has to run the model.
    """
    with transaction(connection):
        if (statement := _kept(connection, model, tenant_id)) is None:
            return False
        merge, _, rest = statement.partition(THEN)
        with connection.cursor() as cursor:
            cursor.execute(merge)
            changed = cursor.rowcount > 0
        if rest.strip():
            query(connection, rest)
        if changed:
            built_models.note_changed(connection, model)
    return True


def _kept(connection: Connection, model: str, tenant_id: int) -> str | None:
    """The kept statement, with the tenant and its pending loads as constants.

    By them the planner knows how few rows there are, and Citus which machine has them.
    """
    rows = query(connection, f"select statement from {RAW}.kept_merges where model = %s", (model,))
    if not rows:
        return None
    loads: dict[str, list[str]] = {}
    for entity, load_id in pending_loads.due(connection, tenant_id):
        loads.setdefault(entity, []).append(load_id)
    of_tenant = rows[0][0].replace(_TENANT, f"{tenant_id}::bigint")
    with connection.cursor() as cursor:
        return _PENDING.sub(lambda call: _array(cursor, loads.get(call[1])), of_tenant)


def _array(cursor: Cursor, loads: list[str] | None) -> str:
    return cursor.mogrify("%s::text[]", (loads,)).decode()  # null::text[] where none is pending


_TENANT = f"{RAW}.tenant_at_work()"
_PENDING = re.compile(rf"{RAW}[.]pending\('(\w+)'\)")

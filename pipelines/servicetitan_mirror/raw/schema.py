"""Brings the schema `raw_servicetitan` up to date with the statements of raw/tables.py.

A change of the statements reaches databases that are there already, and so does a new major version of PostgreSQL,
which some of them ask for. The digest of those that were run last is in the comment of a table, so that a sync with
nothing to change asks only for that. A database of an older layout goes through the migrations that it lacks first.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Sequence

import psycopg2
from psycopg2.extensions import connection as Connection

from servicetitan_mirror import __version__
from servicetitan_mirror.entities import ENTITIES, STANDARD, Entity
from servicetitan_mirror.postgres import layout
from servicetitan_mirror.postgres.warehouse import LOCK_SPACE, RAW, query, transaction
from servicetitan_mirror.raw.distribution import Distribution, settle
from servicetitan_mirror.raw.tables import (
    BOOKKEEPING,
    FUNCTIONS,
    MIGRATIONS,
    ROLES,
    TABLES,
    landed_table,
    staging_table,
)

STAGING = f"{RAW}_staging_{{}}"  # of a tenant
_MARKED = "sync_log"  # its comment says which statements were run last


def prepare(
    connection: Connection,
    patience: int = 60,
    entities: Sequence[Entity] = STANDARD,
    wanted: str | None = None,
) -> Distribution:
    """Bring the raw schema up to date. A landed table that had to be made forgets its cursors.

    Args:
        entities: those whose tables have to be there.
        patience: seconds to wait for whoever holds a table that has to change; 0 is no limit.
        wanted: how the landed tables are to be spread, where none was made yet.

    Returns:
        How they are spread.

    Raises:
        ConfigurationError: they cannot be spread as it is wanted.
        psycopg2.errors.LockNotAvailable: somebody held a table for longer.
    """
    deadline = time.monotonic() + (patience or math.inf)
    while not _is_up_to_date(
        connection, _comments(connection, RAW), entities, distribution := settle(connection, wanted)
    ):
        try:
            with transaction(connection):  # a table that is there must never have the cursors of the one before it
                _apply(connection, entities, wanted)
        except psycopg2.errors.LockNotAvailable:
            if time.monotonic() >= deadline:
                raise
            time.sleep(0.2)
    return distribution


def _apply(connection: Connection, entities: Sequence[Entity], wanted: str | None) -> None:
    query(connection, "select pg_advisory_xact_lock(%s, 1)", (LOCK_SPACE,))  # one tenant's sync at a time
    known, distribution = _comments(connection, RAW), settle(connection, wanted)
    if _is_up_to_date(connection, known, entities, distribution):
        return
    if ours := [f"{RAW}.{name}" for name in known if name in TABLES]:
        # another tenant's sync may hold some and wait for others: never wait for one while holding another
        query(connection, f"lock table {', '.join(ours)} in access exclusive mode nowait")
    if not known:  # who may not make schemas may be given one
        query(connection, _schema(RAW))
    if _MARKED in known:
        _migrate(connection)
    query(connection, _made_first())
    for entity in ENTITIES:
        if entity.name in known or entity in entities:
            for statement in landed_table(entity, distribution):
                query(connection, statement)
        if entity.name not in known:
            query(connection, f"delete from {RAW}.sync_cursors where entity = %s", (entity.name,))
    made = f"insert into {RAW}.layouts (layout, version) values (%s, %s) on conflict do nothing"
    query(connection, made, (layout.LAYOUT, __version__))
    query(connection, f"comment on table {RAW}.{_MARKED} is %s", (_mark(connection, distribution),))


def _migrate(connection: Connection) -> None:
    """Run what the database's layout lacks, in order."""
    had, _ = layout.made(connection)
    for number in sorted(MIGRATIONS):
        if number > had:
            query(connection, MIGRATIONS[number])


def _schema(name: str) -> str:
    """Unlike `create schema if not exists`, it needs no right where there is nothing to make."""
    return f"do $$ begin if to_regnamespace('{name}') is null then create schema {name}; end if; end $$"


def _is_up_to_date(
    connection: Connection, comments: dict[str, str], entities: Sequence[Entity], distribution: Distribution
) -> bool:
    return (
        comments.keys() >= BOOKKEEPING.keys() | {entity.name for entity in entities}
        and comments[_MARKED] == _mark(connection, distribution)
        and _functions(connection) >= FUNCTIONS.keys()
    )


def _functions(connection: Connection) -> set[str]:
    statement = "select proname from pg_proc where pronamespace = to_regnamespace(%s)"
    return {name for (name,) in query(connection, statement, (RAW,))}


def _comments(connection: Connection, schema: str) -> dict[str, str]:
    """The schema's tables with their comments."""
    rows = query(
        connection,
        """
        select relname, coalesce(obj_description(oid, 'pg_class'), '') from pg_class
        where relnamespace = to_regnamespace(%s) and relkind in ('r', 'p')
        """,
        (schema,),
    )
    return dict(rows)


def _mark(connection: Connection, distribution: Distribution, *more: str) -> str:
    """The comment of a table that was made by the statements, by `more` and on this version of PostgreSQL."""
    statements = [_made_first(), *more]
    statements += [statement for entity in ENTITIES for statement in landed_table(entity, distribution)]
    statements.append(f"{layout.LAYOUT} {connection.server_version // 10_000}")
    digest = hashlib.sha256("".join(statements).encode()).hexdigest()
    return f"Made by {digest[:16]} of the ServiceTitan mirror."


def _made_first() -> str:
    """What the landed tables need, and the bookkeeping."""
    return "".join([*ROLES.values(), *FUNCTIONS.values(), *BOOKKEEPING.values()])


def prepare_staging(connection: Connection, tenant_id: int, entities: Sequence[Entity] = STANDARD) -> None:
    """Bring the tenant's staging tables up to date: tenants may sync at once, and none may empty another's."""
    schema = STAGING.format(tenant_id)
    known = _comments(connection, schema)
    mark = _mark(connection, "none", staging_table("", ENTITIES[0]))
    outdated = [entity for entity in entities if known.get(entity.name) != mark]
    if outdated:
        with transaction(connection):
            if not known:
                query(connection, _schema(schema))
            for entity in outdated:
                query(connection, staging_table(schema, entity))
                query(connection, f"comment on table {schema}.{entity.name} is %s", (mark,))


def there(connection: Connection) -> list[Entity]:
    """The entities that have a landed table."""
    known = _comments(connection, RAW)
    return [entity for entity in ENTITIES if entity.name in known]


def landed_entities(connection: Connection, tenant_id: int, entities: Sequence[Entity] = STANDARD) -> set[str]:
    """Those of the entities of which anything of the tenant has landed."""
    landed = "select '{0}' where exists (select from {1}.{0} where tenant_id = %(tenant_id)s)"
    statement = " union all ".join(landed.format(entity.name, RAW) for entity in entities)
    try:
        return {name for (name,) in query(connection, statement, {"tenant_id": tenant_id})}
    except psycopg2.errors.LockNotAvailable:  # of one of them; what lands in it is merged, whatever it holds
        return {entity.name for entity in entities}

"""Landed records are written otherwise, as a load of its own, so that the tables follow as they follow any load."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec
from psycopg2.extensions import connection as Connection
from psycopg2.extras import execute_values

from servicetitan_mirror.api.protection import LEFT_OUT
from servicetitan_mirror.entities import Entity
from servicetitan_mirror.postgres.warehouse import RAW, query
from servicetitan_mirror.raw import pending_loads
from servicetitan_mirror.raw.loading import new_load_id
from servicetitan_mirror.raw.schema import STAGING

FEW = 1_000  # records in memory at once


def rewrite(
    connection: Connection,
    tenant_id: int,
    entity: Entity,
    otherwise: Callable[[str, str], str],
    where: str = "true",
    values: Mapping[str, object] | None = None,
) -> int:
    """Write the records that `where` names as `otherwise(entity, text)` has them, in the caller's transaction.

    Values of them that could not be converted are not kept either. Returns how many records changed.
    """
    load_id, changed = new_load_id(), 0
    for rows in _batches(connection, tenant_id, entity, where, values or {}):
        new = [(*key, text) for *key, old in rows if (text := _text(otherwise, entity, old)) != old]
        if new:
            _write(connection, tenant_id, entity, load_id, new)
            changed += len(new)
    if changed:
        pending_loads.announce(connection, tenant_id, [entity], load_id)
        query(
            connection,
            f"""
            update {RAW}.sync_failures set value = %s where tenant_id = %s and module = %s
                and st_id in (select id from {RAW}.{entity.name} where tenant_id = %s and _dlt_load_id = %s)
            """,
            (LEFT_OUT, tenant_id, entity.name, tenant_id, load_id),
        )
    return changed


def _text(otherwise: Callable[[str, str], str], entity: Entity, old: str) -> str:
    try:
        return otherwise(entity.name, old)
    except (msgspec.MsgspecError, RecursionError):  # nobody can tell what is in it
        return "{}"


def rewrite_rejected(connection: Connection, tenant_id: int, otherwise: Callable[[str], str]) -> int:
    """Write the texts of records that cannot land as `otherwise(text)` has them; returns how many changed."""
    rows = query(
        connection, f"select {_REJECTED}, record from {RAW}.rejected_records where tenant_id = %s", (tenant_id,)
    )
    new = [(*key, text) for *key, old in rows if (text := otherwise(old)) != old]
    if new:
        statement = f"""
            update {RAW}.rejected_records as known set record = new.record from (values %s) as new ({_REJECTED}, record)
            where ({", ".join(f"known.{name}" for name in _REJECTED.split(", "))})
                = ({", ".join(f"new.{name}" for name in _REJECTED.split(", "))})
        """
        with connection.cursor() as cursor:
            execute_values(cursor, statement, new, page_size=len(new))
    return len(new)


def empty_staging(connection: Connection, tenant_id: int) -> None:
    """Leave nothing in the tables in which loads were prepared."""
    staged = "select format('%%I.%%I', schemaname, tablename) from pg_tables where schemaname = %s"
    for (table,) in query(connection, staged, (STAGING.format(tenant_id),)):
        query(connection, f"truncate {table}")


def _batches(
    connection: Connection, tenant_id: int, entity: Entity, where: str, values: Mapping[str, object]
) -> Iterator[list[tuple[Any, ...]]]:
    with connection.cursor("rewritten", withhold=True) as cursor:
        columns = f"{', '.join(entity.key)}, record::text"
        statement = f"select {columns} from {RAW}.{entity.name} as landed where tenant_id = %(tenant)s and ({where})"
        cursor.execute(statement, {**values, "tenant": tenant_id})
        while rows := cursor.fetchmany(FEW):
            yield rows


def _write(connection: Connection, tenant_id: int, entity: Entity, load_id: str, rows: list[tuple[Any, ...]]) -> None:
    same = " and ".join(f"landed.{name} = new.{name}" for name in entity.key)
    statement = f"""
        update {RAW}.{entity.name} as landed set record = new.record::jsonb, _dlt_load_id = '{load_id}'
        from (values %s) as new ({", ".join(entity.key)}, record)
        where landed.tenant_id = {tenant_id} and {same}
    """
    with connection.cursor() as cursor:
        execute_values(cursor, statement, rows, page_size=len(rows))


_REJECTED = "tenant_id, entity, entity_type, fingerprint"

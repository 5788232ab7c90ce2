"""Records that the source no longer lists get `deleted_at`; the guard against a list that suddenly shrank.

Only a full reading whose count was proved may say that something is gone. The rows are marked under a load
id of their own, so that dbt builds them like any other change. A record that is listed again lands with
`deleted_at` null.
"""

from __future__ import annotations

import io
from collections.abc import Iterable

from psycopg2.extensions import connection as Connection

from servicetitan_mirror.errors import EndpointError
from servicetitan_mirror.reading import Reading
from servicetitan_mirror.settings import variable
from servicetitan_mirror.warehouse import RAW, query

FEW = 20  # so many may always vanish at once


def mark_deleted(
    connection: Connection, tenant_id: int, readings: Iterable[Reading], load_id: str, share: float
) -> int:
    """Mark what complete full readings of one entity did not list; returns how many. Runs in a transaction.

    Raises:
        EndpointError: more than `share` of a list and more than FEW records would vanish at once.
    """
    return sum(_mark(connection, tenant_id, reading, load_id, share) for reading in readings if _proves(reading))


def _proves(reading: Reading) -> bool:
    """Whether what the reading did not list is gone. One without a total was read until it was the same twice."""
    return reading.task.is_full and (reading.proved or not reading.task.endpoint.dated)


def _mark(connection: Connection, tenant_id: int, reading: Reading, load_id: str, share: float) -> int:
    entity, owner = reading.task.entity, reading.task.endpoint.owner
    _copy_ids(connection, reading)
    scope = "tenant_id = %(tenant)s and deleted_at is null" + (" and entity_type = %(owner)s" if owner else "")
    values = {"tenant": tenant_id, "owner": owner, "load_id": load_id}
    gone = f"{scope} and not exists (select from listed where listed.id = landed.id)"
    ((alive, vanished),) = query(
        connection,
        f"select count(*), count(*) filter (where {gone}) from {RAW}.{entity.name} as landed where {scope}",
        values,
    )
    if vanished > max(FEW, share * alive):
        raise EndpointError(_refused(reading, vanished, alive, share))
    if vanished:
        query(
            connection,
            f"update {RAW}.{entity.name} as landed set deleted_at = now(), _dlt_load_id = %(load_id)s where {gone}",
            values,
        )
    return int(vanished)


def _copy_ids(connection: Connection, reading: Reading) -> None:
    query(connection, "create temporary table if not exists listed (id bigint primary key) on commit drop")
    query(connection, "truncate listed")
    ids = io.StringIO("\n".join(map(str, sorted(set(reading.ids)))))
    with connection.cursor() as cursor:
        cursor.copy_expert("copy listed (id) from stdin", ids)


def _refused(reading: Reading, vanished: int, alive: int, share: float) -> str:
    return (
        f"{reading.task.endpoint.path} no longer lists {vanished} of {alive} records. That is more than "
        f"{share:.0%}, so none is marked as deleted. If they are really gone, run once: "
        f"{variable('max_deleted_share')}=1 servicetitan --full --only {reading.task.entity.name}"
    )

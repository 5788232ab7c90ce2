"""The loads that have still to be built: the only place that writes or reads `raw_servicetitan.pending_loads`.

The promise that a crash loses nothing rests on this table. Its row (tenant_id, entity, load_id) is there from before
the first row of the load lands until every table that reads the entity was built with it:

    announce ──▶ rows land ──▶ counts, cursors and log settle ──▶ tables are built ──▶ remove

Whoever dies on the way leaves the row, and the next build begins with `due`. The tables are built from the loads named
here and not from the greatest load id, because load ids are clocks, which may stand still or go back. The SQL of the
models reads the table through `raw_servicetitan.pending(entity)`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from psycopg2.extensions import connection as Connection
from psycopg2.extras import execute_values

from servicetitan_mirror.entities import Entity
from servicetitan_mirror.postgres.warehouse import RAW, query

TABLE = f"{RAW}.pending_loads"
Load = tuple[str, str]  # the name of an entity, and a load id


def announce(connection: Connection, tenant_id: int, entities: Iterable[Entity], load_id: str) -> None:
    """Make a load of the entities pending, before a row of it lands.

    Has to be committed before the first row is, or together with it: else a crash in between leaves rows that are
    never built.
    """
    rows = [(tenant_id, entity.name, load_id) for entity in entities]
    with connection.cursor() as cursor:
        execute_values(cursor, f"{_INSERT} values %s on conflict do nothing", rows)


def announce_all(connection: Connection, entity: Entity, tenant_id: int | None = None) -> None:
    """Make every load of an entity pending, of all tenants or of one: its table is to be built anew.

    After a crash in the middle of the build they still are.
    """
    whose = "where tenant_id = %(tenant)s or %(tenant)s is null"
    landed = f"select distinct tenant_id, %(entity)s, _dlt_load_id from {RAW}.{entity.name} {whose}"
    query(connection, f"{_INSERT} {landed} on conflict do nothing", {"entity": entity.name, "tenant": tenant_id})


def announce_missing(connection: Connection, tenant_id: int, entity: Entity) -> None:
    """Make the loads pending again whose rows the entity's table lacks or shows otherwise deleted than they landed.

    It mends what no crash of ours can do: somebody emptied the table, or restored an older one. The table is there.
    """
    owner = "and shown.entity_type = landed.entity_type" if entity.has_owners else ""
    query(
        connection,
        f"""
        {_INSERT}
        select distinct landed.tenant_id, %(entity)s, landed._dlt_load_id
        from {RAW}.{entity.name} as landed
        left join public.{entity.table} as shown
            on shown.tenant_id = landed.tenant_id and shown.st_id = landed.id {owner}
        where landed.tenant_id = %(tenant)s
            and (shown.st_id is null or shown.deleted_at is distinct from landed.deleted_at)
        on conflict do nothing
        """,
        {"entity": entity.name, "tenant": tenant_id},
    )


def due(connection: Connection, tenant_id: int) -> list[Load]:
    """What is still to be built of a tenant, whichever sync announced it: a dead one's loads are among them."""
    return query(connection, f"select entity, load_id from {TABLE} where tenant_id = %s", (tenant_id,))


def remove(connection: Connection, tenant_id: int, loads: Collection[Load]) -> None:
    """Forget loads of which nothing is to be built any more.

    Only once every table that reads their entity is committed with them, or when no row of them has landed. To forget
    one too late costs a build that changes nothing; too early, and its rows are never built.
    """
    if loads:
        query(
            connection,
            f"delete from {TABLE} where tenant_id = %s and (entity, load_id) in (select * from unnest(%s, %s))",
            (tenant_id, [entity for entity, _ in loads], [load_id for _, load_id in loads]),
        )


def counts(connection: Connection) -> dict[tuple[int, str], int]:
    """How many loads are pending, by tenant and entity: for whoever looks at the mirror from outside."""
    rows = query(connection, f"select tenant_id, entity, count(*) from {TABLE} group by 1, 2")
    return {(tenant_id, entity): loads for tenant_id, entity, loads in rows}


_INSERT = f"insert into {TABLE} (tenant_id, entity, load_id)"

"""What has landed compared with the table that shows it: the rows of all records, every column of some or of all.

What a column should hold is what the table's own kept merge would write: its query runs over all loads of the entity,
in a transaction that leaves nothing behind. So damage is found in columns that come from contacts or tags, too.
"""

from __future__ import annotations

from collections.abc import Collection

from psycopg2.extensions import connection as Connection
from psycopg2.extensions import quote_ident

from servicetitan_mirror.entities import Entity
from servicetitan_mirror.postgres.warehouse import RAW, query, undone
from servicetitan_mirror.raw import pending_loads
from servicetitan_mirror.tables import kept_merges

OWN = {"local_synced_at"}  # of the table alone
Ids = Collection[int] | None
Differing = dict[tuple[str, int], str]  # by owner ("" where there is none) and id: missing, lost or stale


def compare(
    connection: Connection, tenant_id: int, entity: Entity, ids: Ids = None, columns_of: Ids = None
) -> Differing:
    """The records of which the table has no row, a row of its own, or another one than it should have.

    Args:
        ids: those whose rows are compared; None for all.
        columns_of: those of which every column is compared; None for all.
    """
    values = {"tenant": tenant_id, "ids": _list(ids), "columns_of": _list(columns_of)}
    found = {(owner, id): kind for owner, id, kind in query(connection, _rows(entity), values)}
    with undone(connection):
        pending_loads.announce_all(connection, entity, tenant_id)
        if select := kept_merges.select(connection, entity.table, tenant_id):
            named = _columns(connection, select, entity)
            for owner, id in query(connection, _columns_differ(entity, select, named), values):
                found.setdefault((owner, id), "stale")
    return found


def has_table(connection: Connection, entity: Entity) -> bool:
    """Whether a table of its own shows it: not of companions, nor of optional lists that are only landed."""
    if entity.is_standard:
        return not entity.companion_of
    return query(connection, "select to_regclass(%s)", (f"public.{entity.table}",)) != [(None,)]


def knows_columns(connection: Connection, entity: Entity) -> bool:
    """Whether it is known what each column should hold."""
    return kept_merges.is_kept(connection, entity.table)


def alive(connection: Connection, tenant_id: int, entity: Entity) -> int:
    """How many records the table shows that are not deleted; where it has none, those that have landed."""
    table = f"public.{entity.table}" if has_table(connection, entity) else f"{RAW}.{entity.name}"
    counted = f"select count(*) from {table} where tenant_id = %s and deleted_at is null"
    ((count,),) = query(connection, counted, (tenant_id,))
    return int(count)


def restore(
    connection: Connection, tenant_id: int, entity: Entity, owner: str, ids: Collection[int], load: str
) -> None:
    """Let records land again that only the table has, as it shows them. Runs in a transaction."""
    kind = "entity_type," if entity.has_owners else ""
    of_owner = "and entity_type = %(owner)s" if entity.has_owners else ""
    query(
        connection,
        f"""
        insert into {RAW}.{entity.name}
            (tenant_id, {kind} id, modified_on, deleted_at, record, _dlt_load_id, first_seen_at)
        select tenant_id, {kind} st_id, st_modified_on, deleted_at, coalesce(full_data, '{{}}'), %(load)s,
            coalesce(local_created_at, now())
        from public.{entity.table} where tenant_id = %(tenant)s and st_id = any(%(ids)s) {of_owner}
        on conflict do nothing
        """,
        {"tenant": tenant_id, "owner": owner, "ids": [*ids], "load": load},
    )


def build_again(
    connection: Connection, tenant_id: int, entity: Entity, owner: str, ids: Collection[int], load: str
) -> None:
    """Have the rows of records built again, as a part of a load. Runs in a transaction."""
    of_owner = "and entity_type = %(owner)s" if entity.has_owners else ""
    query(
        connection,
        f"""
        update {RAW}.{entity.name} set _dlt_load_id = %(load)s
        where tenant_id = %(tenant)s and id = any(%(ids)s) {of_owner}
        """,
        {"tenant": tenant_id, "owner": owner, "ids": [*ids], "load": load},
    )


def _list(ids: Ids) -> list[int] | None:
    return None if ids is None else [*ids]


def _rows(entity: Entity) -> str:
    """Which rows are not there, or only there, or otherwise deleted or created."""
    kind = "entity_type" if entity.has_owners else "''"
    some = "tenant_id = %(tenant)s and (%(ids)s::bigint[] is null or {id} = any(%(ids)s))"
    return f"""
        select owner, id, case
            when shown.is_there is null and landed.deleted_at is null then 'missing'
            when landed.is_there is null and shown.deleted_at is null then 'lost'
            else 'stale'
        end
        from (
            select {kind} as owner, id, deleted_at, first_seen_at as created_at, true as is_there
            from {RAW}.{entity.name} where {some.format(id="id")}
        ) as landed
        full join (
            select {kind} as owner, st_id as id, deleted_at, local_created_at as created_at, true as is_there
            from public.{entity.table} where {some.format(id="st_id")}
        ) as shown using (owner, id)
        where landed.is_there is null or shown.is_there is null
            or (landed.deleted_at, landed.created_at) is distinct from (shown.deleted_at, shown.created_at)
    """


def _columns(connection: Connection, select: str, entity: Entity) -> list[str]:
    """The columns, quoted, that both the table and its query have, but for the table's own."""
    with connection.cursor() as cursor:
        cursor.execute(f"select * from {select} as due where false")
        due = {column.name for column in cursor.description or ()}
        cursor.execute(f"select * from public.{entity.table} where false")
        names = [column.name for column in cursor.description or () if column.name in due - OWN]
        return [quote_ident(name, cursor) for name in names]


def _columns_differ(entity: Entity, select: str, named: Collection[str]) -> str:
    kind, key = ("due.entity_type", "and due.entity_type = shown.entity_type") if entity.has_owners else ("''", "")
    due, shown = (", ".join(f"{side}.{name}" for name in named) for side in ("due", "shown"))
    return f"""
        select {kind}, due.st_id from {select.replace("%", "%%")} as due
        join public.{entity.table} as shown
            on due.tenant_id = shown.tenant_id and due.st_id = shown.st_id {key}
        where due.tenant_id = %(tenant)s and (%(ids)s::bigint[] is null or due.st_id = any(%(ids)s))
            and (%(columns_of)s::bigint[] is null or due.st_id = any(%(columns_of)s))
            and ({due}) is distinct from ({shown})
    """

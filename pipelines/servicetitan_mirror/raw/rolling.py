"""The nightly full read of a large tenant, spread over several nights: `full_over_days`.

Each night reads in full the lists whose last full read is the oldest, until their records are a night's share of all.
So after that many nights every list was read in full, whichever night was missed, and what was deleted is found. How
many records a list has is what PostgreSQL's statistics say of its landed table, which costs no count.
"""

from __future__ import annotations

from collections.abc import Collection

from psycopg2.extensions import connection as Connection

from servicetitan_mirror.postgres.warehouse import RAW, query


def share(
    connection: Connection, tenant_id: int, lists: Collection[str], days: int, every: float | None = None
) -> set[str]:
    """The names of the lists whose turn it is; of those that were never read in full there is no need to say so.

    Args:
        lists: those that can be asked for changes: all others are read whole each time.
        days: over how many shares all lists are spread.
        every: seconds that have to lie between two shares; None where this is to be the next one.
    """
    values = {"tenant": tenant_id, "lists": [*lists], "days": days, "every": every}
    rows = query(connection, _SHARE, values)
    return {name for (name,) in rows}


_SHARE = f"""
with kept as (
    select list, full_synced_at, max(full_synced_at) over () as latest,
        greatest(rows, 1) / count(*) over (partition by entity) as size
    from {RAW}.sync_cursors
    cross join lateral (
        select sum(greatest(reltuples, 0)) as rows
        from pg_class left join pg_inherits on inhrelid = oid  -- of which partitions are the children
        where to_regclass('{RAW}.' || quote_ident(entity)) in (oid, inhparent)
    ) as landed
    where tenant_id = %(tenant)s and list = any (%(lists)s) and full_synced_at is not null
),
placed as (
    select *, sum(size) over () as total, sum(size) over (order by full_synced_at, list) - size as before from kept
)
select list from placed
where before < total / %(days)s
    and (%(every)s::float is null or latest < now() - make_interval(secs => %(every)s))
"""

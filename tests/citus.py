"""A stand-in for Citus, which no package registry has: its catalog and the rules by which it takes or refuses a table.

It distributes nothing. What it can show is that each table is handed over, once and as Citus wants it, and that what
runs afterwards would have been allowed there; not that Citus plans it well.
"""

from __future__ import annotations

from contextlib import closing

from servicetitan_mirror.postgres.warehouse import Warehouse, query


def install(warehouse: Warehouse) -> None:
    """Let the database look as if it had the extension."""
    with closing(warehouse.connect()) as connection:
        query(connection, _STAND_IN)


_STAND_IN = """
create table pg_dist_partition (logicalrelid regclass primary key, distributed_by text not null);
create function create_distributed_table(relation regclass, distribution_column text) returns void
language plpgsql as $$ declare
    broken text;
begin
    select 'it has the trigger ' || tgname into broken from pg_trigger where tgrelid = relation and not tgisinternal;
    if broken is null then
        select 'its unique index ' || indexrelid::regclass || ' is without ' || distribution_column into broken
        from pg_index where indrelid = relation and indisunique and (
            select attnum from pg_attribute where attrelid = relation and attname = distribution_column
        ) <> all (indkey);
    end if;
    if broken is not null then
        raise 'cannot distribute %: %', relation, broken;
    end if;
    insert into pg_dist_partition values (relation, distribution_column);
end $$;
"""

"""Forgetting one tenant: all of it in the mirror's own tables, and nothing of anybody else."""

from __future__ import annotations

from contextlib import closing

from mirror import CREDENTIALS, Mirror
from servicetitan_mirror.postgres.warehouse import locked, query

ALL_TABLES = """
select format('%I.%I', table_schema, table_name) from information_schema.columns
join information_schema.tables using (table_schema, table_name)
where column_name = 'tenant_id' and table_type = 'BASE TABLE' and table_name not like 'my_%'
"""


def rows_of(mirror: Mirror, tenant: int) -> dict[str, int]:
    """How many rows of a tenant each table of the database has, of tables that have any."""
    counts = {
        table: mirror.row(f"select count(*) from {table} where tenant_id = {tenant}")[0]
        for (table,) in mirror.rows(ALL_TABLES)
    }
    return {table: count for table, count in counts.items() if count}


def test_a_tenant_is_forgotten_and_everything_else_stays(mirror: Mirror) -> None:
    tenant, other = int(mirror.source.tenant_id), 4711
    with closing(mirror.warehouse.connect()) as connection:
        query(connection, "create table my_notes as select tenant_id from st_customers")
        query(connection, "create table my_texts as select 'x' as tenant_id")
        for table in ("raw_servicetitan.customers", "st_customers", "raw_servicetitan.sync_cursors"):
            query(connection, f"create temp table copy as select * from {table}; update copy set tenant_id = {other}")
            query(connection, f"insert into {table} select * from copy; drop table copy")
    others = rows_of(mirror, other)
    done = mirror.command(
        "forget", "--yes", **{f"SOURCES__SERVICETITAN__{name.upper()}": "" for name in CREDENTIALS[1:]}
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("database: ")
    assert "20  public.st_customers" in done.stdout
    assert (rows_of(mirror, tenant), rows_of(mirror, other)) == ({}, others)
    assert mirror.row("select (select count(*) from my_notes), (select count(*) from my_texts)") == (20, 1)
    assert mirror.row(f"select to_regnamespace('raw_servicetitan_staging_{tenant}')") == (None,)
    assert "Nothing is kept" in mirror.command("forget", "--yes").stdout
    with closing(mirror.warehouse.connect()) as connection:
        query(connection, f"delete from raw_servicetitan.customers where tenant_id = {other}")
    mirror.sync()
    assert mirror.differences() == []


def test_forgetting_asks_first_and_waits_for_no_sync(mirror: Mirror) -> None:
    tenant = int(mirror.source.tenant_id)
    before = rows_of(mirror, tenant)
    refused = mirror.command("forget")
    assert (refused.returncode, "--yes" in refused.stderr) == (2, True)
    with locked(mirror.warehouse, tenant):
        assert mirror.command("forget", "--yes").returncode == 3
    assert rows_of(mirror, tenant) == before

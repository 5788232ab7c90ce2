"""Forget one tenant: all rows of it in the mirror's own tables, which are known by name.

Only which customers were erased stays, by their ids: a sync that begins anew must not bring them back.
"""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import click
from psycopg2.extensions import connection as Connection

from servicetitan_mirror.entities import ENTITIES
from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.postgres.warehouse import RAW, Warehouse, locked, opened, query, transaction
from servicetitan_mirror.raw.schema import STAGING, there
from servicetitan_mirror.raw.tables import TABLES


def forget(warehouse: Warehouse, root: Path, tenant_id: int) -> dict[str, int]:
    """Delete all rows of the tenant, and its staging tables, in one transaction, while no sync of it runs.

    Returns:
        The number of rows by table, of tables that had any.

    Raises:
        LockedError: a sync of the tenant is running.
    """
    with locked(warehouse, tenant_id) as connection:
        with transaction(connection):
            counts = kept(connection, tenant_id)
            for table in counts:
                query(connection, f"delete from {table} where tenant_id = %s", (tenant_id,))
            _drop_staging(connection, STAGING.format(tenant_id))
        shutil.rmtree(warehouse.folder(root) / str(tenant_id), ignore_errors=True)
    return counts


def kept(connection: Connection, tenant_id: int) -> dict[str, int]:
    """The number of the tenant's rows in each of the mirror's own tables that has any."""
    counts = {}
    ours = {
        "raw": RAW,
        "raw_names": sorted(TABLES - {"erased_records"}),
        "built_names": [entity.table for entity in there(connection)],  # a table st_calls may be somebody else's
    }
    for (table,) in query(connection, _OURS, ours):
        ((rows,),) = query(connection, f"select count(*) from {table} where tenant_id = %s", (tenant_id,))
        if rows:
            counts[table] = rows
    return counts


def run_forget(root: Path, tenant_id: int | None, sure: bool, demo: bool = False) -> None:
    """Show what is kept of a tenant, ask, and forget it.

    Raises:
        ConfigurationError: it is not said which tenant, or nobody can be asked.
    """
    if tenant_id is None:
        raise ConfigurationError("Say which tenant to forget: servicetitan forget --tenant ID")
    warehouse = opened(root, demo)
    with closing(warehouse.connect()) as connection:
        counts = kept(connection, tenant_id)
    if not counts:
        click.echo(f"Nothing is kept of tenant {tenant_id} in {warehouse.place()}.")
        return
    click.echo(f"Of tenant {tenant_id} in {warehouse.place()}:\n")
    click.echo("\n".join(f"{rows:>12,}  {table}" for table, rows in counts.items()))
    if not sure:
        _ask(tenant_id)
    click.echo(f"forgotten: {sum(forget(warehouse, root, tenant_id).values()):,} rows of tenant {tenant_id}")


def _ask(tenant_id: int) -> None:
    try:
        answer = click.prompt(
            "\nAll of it will be deleted. Type the tenant's id to go on", default="", show_default=False
        )
    except click.Abort:
        raise ConfigurationError("Nothing was deleted: nobody answered. To go on without asking: --yes") from None
    if answer.strip() != str(tenant_id):
        raise ConfigurationError("Nothing was deleted: that is not the tenant's id.")


def _drop_staging(connection: Connection, schema: str) -> None:
    """The tables that dlt and we have made there, and the schema if nothing else is in it."""
    rows = query(connection, _STAGED, {"schema": schema, "names": [entity.name for entity in ENTITIES]})
    for (table,) in rows:
        query(connection, f"drop table {table}")
    if query(connection, _IS_EMPTY, (schema,)) == [(True,)]:
        query(connection, f"drop schema if exists {schema}")


_OURS = """
select format('%%I.%%I', nspname, relname) from pg_class
join pg_namespace on relnamespace = pg_namespace.oid
join pg_attribute on attrelid = pg_class.oid and attname = 'tenant_id' and atttypid = 'bigint'::regtype
where relkind in ('r', 'p') and (
    (nspname = %(raw)s and relname = any(%(raw_names)s)) or (nspname = 'public' and relname = any(%(built_names)s))
) order by nspname desc, relname
"""
_STAGED = """
select format('%%I.%%I', schemaname, tablename) from pg_tables
where schemaname = %(schema)s and (tablename = any(%(names)s) or tablename like '\\_dlt\\_%%')
"""
_IS_EMPTY = "select not exists (select from pg_class where relnamespace = to_regnamespace(%s))"

"""The names of the tenants, in `raw_servicetitan.tenants`, which `st_tenants` shows."""

from __future__ import annotations

from psycopg2.extensions import connection as Connection

from servicetitan_mirror.postgres.warehouse import RAW, query


def note(connection: Connection, tenant_id: int, name: str | None) -> None:
    """Keep the name of a tenant that is synced; one without a name is called by its id."""
    query(
        connection,
        f"""
        insert into {RAW}.tenants as known (tenant_id, name) values (%s, %s)
        on conflict (tenant_id) do update set name = excluded.name where known.name <> excluded.name
        """,
        (tenant_id, name or str(tenant_id)),
    )

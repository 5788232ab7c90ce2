"""The names and time zones of the tenants, in `raw_servicetitan.tenants`, which `st_tenants` shows."""

from __future__ import annotations

import psycopg2
from psycopg2.extensions import connection as Connection

from servicetitan_mirror.config.reading import variable
from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.postgres.warehouse import RAW, query


def note(connection: Connection, tenant_id: int, name: str | None, zone: str | None) -> None:
    """Keep the name of a tenant that is synced, and its zone; one without a name is called by its id.

    Raises:
        ConfigurationError: PostgreSQL does not know the zone.
    """
    try:
        query(connection, "select now() at time zone %s", (zone,))
    except psycopg2.DataError:
        raise ConfigurationError(
            f"PostgreSQL knows no time zone {zone}, which {variable('timezone')} says: write another name of it."
        ) from None
    query(
        connection,
        f"""
        insert into {RAW}.tenants as known (tenant_id, name, time_zone) values (%s, %s, %s)
        on conflict (tenant_id) do update set name = excluded.name, time_zone = excluded.time_zone
        where (known.name, known.time_zone) is distinct from (excluded.name, excluded.time_zone)
        """,
        (tenant_id, name or str(tenant_id), zone),
    )

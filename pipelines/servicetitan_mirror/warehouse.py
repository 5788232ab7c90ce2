"""PostgreSQL as the mirror uses it: which database, the lock, and the tables of the raw schema.

dlt makes its own tables and the staging ones; the landed tables are made here, because they need what
dlt does not make: a key over several columns before the first merge, an index on `_dlt_load_id`, and
`first_seen_at`, which dlt's merge leaves alone because it does not know the column.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dlt
import psycopg2
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import make_dsn, parse_dsn

from servicetitan_mirror import embedded
from servicetitan_mirror.entities import ENTITIES, Entity
from servicetitan_mirror.errors import ConfigurationError, LockedError

RAW = "raw_servicetitan"
OLDEST_POSTGRES = 15  # dlt's upsert and dbt's merge are MERGE statements
LOCK_SPACE = 0x5717  # tells our advisory locks from those of others in the database
EMBEDDED_FOLDER = ".postgres"
CREDENTIALS = "DESTINATION__POSTGRES__CREDENTIALS"


@dataclass(frozen=True)
class Warehouse:
    """A database: its libpq connection string, and the folder of the embedded server if it is that one."""

    dsn: str
    embedded: Path | None = None

    def connect(self, name: str = "servicetitan") -> Connection:
        """An autocommit connection.

        Raises:
            ConfigurationError: PostgreSQL cannot be reached or is too old.
        """
        try:
            connection = psycopg2.connect(make_dsn(self.dsn, application_name=name[:63]))
        except psycopg2.OperationalError as error:
            raise ConfigurationError(
                f"PostgreSQL cannot be reached: {error}".strip() + f"\nLook at {CREDENTIALS}."
            ) from None
        connection.autocommit = True
        if connection.server_version < OLDEST_POSTGRES * 10_000:
            raise ConfigurationError(f"PostgreSQL {OLDEST_POSTGRES} or newer is needed.")
        return connection

    @property
    def parameters(self) -> dict[str, str]:
        """The connection's parts by libpq's names: host, port, dbname, user, password."""
        return parse_dsn(self.dsn)

    def url(self, with_password: bool = False) -> str:
        """A postgresql:// URL, without the password unless asked for."""
        parts = self.parameters
        secret = f":{parts['password']}" if with_password and parts.get("password") else ""
        user = f"{parts['user']}{secret}@" if parts.get("user") else ""
        host, port = parts.get("host", ""), parts.get("port", "")
        if host.startswith("/"):
            return f"postgresql://{user}/{parts['dbname']}?host={host}" + (f"&port={port}" if port else "")
        return f"postgresql://{user}{host}{':' + port if port else ''}/{parts['dbname']}"


def open_warehouse(root: Path) -> Warehouse:
    """The configured database, else the embedded server, started if need be.

    Raises:
        ConfigurationError: the credentials are neither a postgresql:// URL nor a table of its parts.
    """
    configured: object = dlt.secrets.get("destination.postgres.credentials")
    if not configured:
        folder = root / EMBEDDED_FOLDER
        return Warehouse(embedded.start(folder), folder)
    return Warehouse(_dsn(configured))


def _dsn(configured: object) -> str:
    try:
        if isinstance(configured, Mapping):
            names = {"username": "user", "database": "dbname"}
            parts = {names.get(key, key): str(value) for key, value in configured.items() if key != "drivername"}
            return make_dsn(**parts)
        dsn = make_dsn(str(configured))
        if parse_dsn(dsn).get("dbname"):
            return dsn
    except psycopg2.Error:
        pass  # its message may hold the password
    raise ConfigurationError(
        f"{CREDENTIALS} is not a connection string: it must look like postgresql://user:password@host:5432/database."
    )


@contextmanager
def locked(warehouse: Warehouse, tenant_id: int) -> Iterator[Connection]:
    """Hold the lock of one sync per tenant and database; yields the connection that holds it.

    The lock belongs to the connection, so it never outlives its process.

    Raises:
        LockedError: names the holder and since when.
    """
    connection = warehouse.connect(f"servicetitan sync {socket.gethostname()}:{os.getpid()}")
    try:
        with connection.cursor() as cursor:
            cursor.execute("select pg_try_advisory_lock(%s, hashtext(%s))", (LOCK_SPACE, str(tenant_id)))
            if cursor.fetchone() != (True,):
                raise LockedError(_holder(connection, tenant_id))
        yield connection
    finally:
        connection.close()


def _holder(connection: Connection, tenant_id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select application_name, to_char(backend_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"')
            from pg_locks join pg_stat_activity using (pid)
            where locktype = 'advisory' and granted and classid = %s and objid = hashtext(%s)::bit(32)::bigint::oid
                and pg_locks.database = (select oid from pg_database where datname = current_database())
            """,
            (LOCK_SPACE, str(tenant_id)),
        )
        name, since = cursor.fetchone() or ("a sync that has just ended", "a moment ago")
    return f"Another sync of tenant {tenant_id} is running: {name} (host:process), since {since}."


def query(connection: Connection, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
    """Run one statement; its rows, or none for a statement without a result."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """All statements of the block or none."""
    query(connection, "begin")
    try:
        yield
    except BaseException:
        query(connection, "rollback")
        raise
    query(connection, "commit")


def prepare(connection: Connection) -> None:
    """Make what is missing of the raw schema. A landed table that had to be made forgets its cursors."""
    known = {name for (name,) in query(connection, "select tablename from pg_tables where schemaname = %s", (RAW,))}
    wanted = {entity.name for entity in ENTITIES}
    if known.issuperset(wanted | {"sync_log", "sync_cursors", "pending_loads", "rejected_records"}):
        return
    query(connection, f"create schema if not exists {RAW}; {_BOOKKEEPING}")
    for entity in ENTITIES:
        if entity.name not in known:
            query(connection, _landed_table(entity))
            query(connection, f"delete from {RAW}.sync_cursors where entity = %s", (entity.name,))


def _landed_table(entity: Entity) -> str:
    owner = "entity_type text not null," if entity.has_owners else ""
    parent = (
        f"create index on {RAW}.{entity.name} (tenant_id, (record ->> '{entity.parent}'));" if entity.parent else ""
    )
    return f"""
        create table {RAW}.{entity.name} (
            tenant_id bigint not null,
            {owner}
            id bigint not null,
            modified_on timestamptz,
            deleted_at timestamptz,
            record jsonb not null,
            _dlt_load_id varchar not null,
            first_seen_at timestamptz not null default now(),
            primary key ({", ".join(entity.key)})
        );
        create index on {RAW}.{entity.name} (_dlt_load_id);
        {parent}
    """


_BOOKKEEPING = f"""
create table if not exists {RAW}.sync_log (
    id uuid primary key default gen_random_uuid(),
    run_id uuid not null,
    tenant_id bigint not null,
    module text not null,
    sync_type text not null,
    status text not null,
    records_fetched bigint not null default 0,
    records_created bigint not null default 0,
    records_updated bigint not null default 0,
    records_unchanged bigint not null default 0,
    records_deleted bigint not null default 0,
    records_failed bigint not null default 0,
    started_at timestamptz not null default clock_timestamp(),
    completed_at timestamptz,
    duration_ms bigint,
    error_message text,
    error_details jsonb,
    triggered_by text not null,
    parameters jsonb not null default '{{}}',
    api_calls bigint not null default 0,
    throttled_calls bigint not null default 0,
    cursor_from timestamptz,
    cursor_to timestamptz,
    unique (run_id, module)
);
create index if not exists sync_log_module on {RAW}.sync_log (tenant_id, module, started_at desc);
create index if not exists sync_log_status on {RAW}.sync_log (status);
create index if not exists sync_log_started_at on {RAW}.sync_log (started_at desc);
create table if not exists {RAW}.sync_cursors (
    tenant_id bigint not null,
    list text not null,
    entity text not null,
    cursor timestamptz,
    full_due boolean not null default true,
    full_synced_at timestamptz,
    primary key (tenant_id, list)
);
create table if not exists {RAW}.pending_loads (
    tenant_id bigint not null,
    entity text not null,
    load_id text not null,
    primary key (tenant_id, entity, load_id)
);
create table if not exists {RAW}.rejected_records (
    tenant_id bigint not null,
    entity text not null,
    entity_type text not null default '',
    fingerprint text not null,
    reason text not null,
    record text not null,
    first_seen_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    primary key (tenant_id, entity, entity_type, fingerprint)
);
"""

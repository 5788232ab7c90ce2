"""PostgreSQL as the mirror uses it: which database, the lock of a sync, statements and transactions."""

from __future__ import annotations

import hashlib
import os
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import make_dsn, parse_dsn

from servicetitan_mirror import logs
from servicetitan_mirror.errors import ConfigurationError, LockedError, MirrorError
from servicetitan_mirror.postgres import conninfo, destination, embedded, layout, pooler
from servicetitan_mirror.postgres.refusals import explain

RAW = "raw_servicetitan"
OLDEST_POSTGRES = 15  # dlt's upsert and dbt's merge are MERGE statements
LOCK_SPACE = 0x5717  # tells our advisory locks from those of others in the database
EMBEDDED_FOLDER = ".postgres"
WORKING_FOLDER = ".servicetitan"  # what dlt and dbt write while they work; disposable
CONNECT_TIMEOUT = 15  # seconds, as dlt has it


@dataclass(frozen=True)
class Warehouse:
    """A database: its libpq connection string, the embedded server's folder if it is there, and who named it.

    Each of a sync's parts does `at_once` things on connections of their own. A statement waits `lock_timeout` seconds
    for a lock that somebody else holds; 0 is no limit.
    """

    dsn: str
    embedded: Path | None = None
    origin: str = destination.VARIABLE
    at_once: int = 4
    lock_timeout: int = 60

    def connect(self, name: str = "servicetitan") -> Connection:
        """An autocommit connection.

        Raises:
            ConfigurationError: PostgreSQL cannot be reached or is too old.
        """
        try:
            connection = psycopg2.connect(self.session(name))
        except psycopg2.Error as error:
            problem = f"PostgreSQL cannot be reached: {error}".strip()
            raise ConfigurationError(f"{problem}\nLook at {self.origin}.") from None
        connection.autocommit = True
        if connection.server_version < OLDEST_POSTGRES * 10_000:
            raise ConfigurationError(f"PostgreSQL {OLDEST_POSTGRES} or newer is needed.")
        return connection

    def session(self, name: str) -> str:
        """The connection string of a session that pg_stat_activity shows under `name`."""
        return str(make_dsn(self.dsn, **{"application_name": name[:63], "options": self.options, **self._patience()}))

    @property
    def parameters(self) -> dict[str, str]:
        """The connection's parts by libpq's names: host, port, dbname, user, password."""
        return parse_dsn(self.dsn)

    @property
    def options(self) -> str:
        """What libpq sends as `options` with every connection: the user's own, and how long to wait for a lock."""
        own = self.parameters.get("options") or os.environ.get("PGOPTIONS", "")
        return f"{own} -c lock_timeout={self.lock_timeout}s".strip()

    def folder(self, root: Path) -> Path:
        """Where a sync into this database works below `root`; disposable. Two databases never share one."""
        digest = hashlib.sha256(self.url().encode()).hexdigest()
        return root / WORKING_FOLDER / digest[:12]

    def url(self, with_password: bool = False) -> str:
        """A postgresql:// URL with every parameter, without the password unless asked for."""
        return conninfo.url(self.parameters, with_password)

    def place(self) -> str:
        """Where the data goes, for the user: `servicetitan_mirror on localhost:5432`."""
        parts = self.parameters
        if self.embedded:
            return f"{parts['dbname']} on the embedded server ({embedded.data_folder(self.embedded)})"
        return f"{parts['dbname']} on {conninfo.address(parts)}"

    def _patience(self) -> dict[str, int]:
        named = "connect_timeout" in self.parameters or "PGCONNECT_TIMEOUT" in os.environ
        return {} if named else {"connect_timeout": CONNECT_TIMEOUT}


def open_warehouse(root: Path, demo: bool = False) -> Warehouse:
    """The configured database, or the embedded server, started if need be, when nothing is said of a destination.

    The demo has a database of its own on the embedded server, whatever is configured.

    Raises:
        ConfigurationError: what is said of a destination cannot be used.
    """
    folder = root / EMBEDDED_FOLDER
    if demo:
        return Warehouse(embedded.start(folder, embedded.DEMO_DATABASE), folder)
    if named := destination.configured():
        for name in ("PGHOSTADDR", "PGSERVICE") if "host" in named.parts else ():
            os.environ.pop(name, None)  # libpq would go elsewhere, and so would dbt and psql
        return Warehouse(named.dsn, origin=named.origin)
    return Warehouse(embedded.start(folder), folder)


def opened(root: Path, demo: bool = False) -> Warehouse:
    """`open_warehouse`, and say on standard error which database it is."""
    warehouse = open_warehouse(root, demo)
    logs.say(f"database: {warehouse.place()}", database=warehouse.place())
    return warehouse


def on_loopback(warehouse: Warehouse) -> Warehouse:
    """The embedded server's database by way of loopback, where it listens from now on.

    Raises:
        ConfigurationError: the database is on another server, or somebody works in it.
    """
    if not warehouse.embedded:
        raise ConfigurationError(f"--tcp is for the embedded server; the database in use is {warehouse.place()}.")
    dsn = embedded.listen_on_loopback(warehouse.embedded, warehouse.parameters["dbname"])
    return Warehouse(dsn, warehouse.embedded)


@contextmanager
def locked(warehouse: Warehouse, tenant_id: int, patience: float = 0) -> Iterator[Connection]:
    """Hold the lock of one sync per tenant and database; yields the connection that holds it.

    The lock belongs to the connection, so it never outlives its process. Another holder is waited for
    `patience` seconds.

    Raises:
        LockedError: names the holder and since when.
        ConfigurationError: a pooler would lose the lock, or a newer version of the program made the mirror.
    """
    connection = warehouse.connect(f"servicetitan sync {socket.gethostname()}:{os.getpid()}")
    try:
        query(connection, _KEEPALIVES)
        pooler.check(connection, warehouse.connect)
        deadline = time.monotonic() + patience
        attempt = "select pg_try_advisory_lock(%s, hashtext(%s))"
        while query(connection, attempt, (LOCK_SPACE, str(tenant_id))) != [(True,)]:
            if time.monotonic() >= deadline:
                raise LockedError(_holder(connection, tenant_id))
            time.sleep(0.5)
        layout.check(connection)
        yield connection
        query(connection, "select pg_advisory_unlock(%s, hashtext(%s))", (LOCK_SPACE, str(tenant_id)))
    except psycopg2.Error as error:
        raise MirrorError(explain(error, "go on", connection)) from None
    finally:
        connection.close()


def at_work(connection: Connection, tenant_id: int) -> str | None:
    """Which sync of the tenant is at work, `host:process, since ...`; None without one."""
    rows = query(
        connection,
        """
        select application_name || ' (host:process)', to_char(backend_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')
        from pg_locks join pg_stat_activity using (pid)
        where locktype = 'advisory' and granted and classid = %s and objid = hashtext(%s)::bit(32)::bigint::oid
            and pg_locks.database = (select oid from pg_database where datname = current_database())
        """,
        (LOCK_SPACE, str(tenant_id)),
    )
    return next((f"{name}, since {since} UTC" if since else name for name, since in rows), None)


def _holder(connection: Connection, tenant_id: int) -> str:
    holder = at_work(connection, tenant_id) or "a sync that has just ended"
    return f"Another sync of tenant {tenant_id} is running: {holder}."


def tenants(warehouse: Warehouse) -> list[int]:
    """The tenants that were synced into the database."""
    with closing(warehouse.connect()) as connection:
        if query(connection, f"select to_regclass('{RAW}.sync_cursors')") == [(None,)]:
            raise MirrorError("Nothing was synced into this database yet. Run: servicetitan sync")
        return [
            tenant for (tenant,) in query(connection, f"select distinct tenant_id from {RAW}.sync_cursors order by 1")
        ]


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


@contextmanager
def undone(connection: Connection) -> Iterator[None]:
    """A transaction that leaves nothing behind."""
    query(connection, "begin")
    try:
        yield
    finally:
        with suppress(psycopg2.InterfaceError):  # the connection is lost, which the caller hears of
            query(connection, "rollback")


@contextmanager
def savepoint(connection: Connection) -> Iterator[None]:
    """Within a transaction: all statements of the block or none, and the transaction goes on."""
    query(connection, "savepoint part")
    try:
        yield
    except BaseException:
        with suppress(psycopg2.InterfaceError):  # the connection is lost, which the caller hears of
            query(connection, "rollback to savepoint part")
        raise
    query(connection, "release savepoint part")


# A machine that vanishes must not hold the lock for the two hours that PostgreSQL would wait for it.
_KEEPALIVES = "set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3"

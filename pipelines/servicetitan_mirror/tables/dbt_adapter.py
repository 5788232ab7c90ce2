"""dbt's adapter of the mirror, `type: servicetitan`: dbt-postgres, which finds its database by the mirror's settings.

A profile that names no host cannot go stale and holds no secret. The database's name is known without a connection,
so `dbt ls` and `dbt parse` start no server; the embedded one is started when the first connection is opened. Besides,
names may hold quotes here, and what PostgreSQL refuses is said in the mirror's words, which quote no row.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import psycopg2
from dbt.adapters.base.meta import available
from dbt.adapters.base.relation import InformationSchema
from dbt.adapters.events.logging import AdapterLogger
from dbt.adapters.postgres.connections import PostgresConnectionManager, PostgresCredentials
from dbt.adapters.postgres.impl import PostgresAdapter
from dbt.adapters.postgres.relation import PostgresRelation
from dbt_common.exceptions import DbtDatabaseError, DbtRuntimeError
from dbt_common.helper_types import Port
from psycopg2.extensions import make_dsn, parse_dsn

from servicetitan_mirror.errors import MirrorError
from servicetitan_mirror.places import CHECKOUT
from servicetitan_mirror.postgres.refusals import explain, quoted
from servicetitan_mirror.tables.dbt_access import VARIABLE

OWN_KEYS = frozenset(["schema", "role", "search_path", "retries", "autocommit"])
_OPENING = threading.Lock()


@dataclass
class ServicetitanCredentials(PostgresCredentials):
    """Of a profile's output only the schema, how often to try, and what is set in each session: no address."""

    database: str = ""
    schema: str = "public"
    host: str = ""
    user: str = ""
    port: Port = field(default=Port(0))
    password: str = field(default="", repr=False)  # libpq takes it from where the address stands

    def __post_init__(self) -> None:
        if not self.database:
            parts = _parts()
            self.database, self.user = parts["dbname"], parts.get("user", "")
            self.host, self.port = parts.get("host", ""), _port(parts.get("port", ""))

    @classmethod
    def __pre_deserialize__(cls, data: Any) -> Any:
        """Refuse an address in the profile: it would be passed over."""
        if others := sorted(data.keys() - OWN_KEYS):
            raise DbtRuntimeError(_NO_ADDRESS.format(keys=", ".join(others)))
        return super().__pre_deserialize__(data)  # type: ignore[no-untyped-call]

    @property
    def type(self) -> str:
        """The adapter's name in profiles."""
        return "servicetitan"

    def _connection_keys(self) -> tuple[str, ...]:
        return ("host", "port", "user", "database", "schema", "role", "search_path", "retries")

    def dsn(self) -> str:
        """The libpq connection string of a session. Starts the embedded server if need be."""
        with _OPENING:  # dbt's threads connect at once
            named = os.environ.get(VARIABLE) or _configured()
        if not self.search_path:
            return named
        before = parse_dsn(named).get("options", "")
        path = self.search_path.replace("\\", "\\\\").replace(" ", "\\ ")
        return str(make_dsn(named, options=f"{before} -c search_path={path}".strip()))


@dataclass(frozen=True, eq=False, repr=False)
class ServicetitanRelation(PostgresRelation):
    """A table or view, whose names may hold quotes."""

    def quoted(self, identifier: str) -> str:
        """The name as SQL takes it."""
        return quoted(identifier)

    def information_schema(self, view_name: str | None = None) -> InformationSchema:
        """This database's, which need not be named: dbt would not quote the name as `quoted` does."""
        return super().information_schema(view_name).include(database=False)


class ServicetitanConnections(PostgresConnectionManager):
    """dbt-postgres's connections, opened with every parameter that libpq knows."""

    TYPE = "servicetitan"

    @classmethod
    def open(cls, connection: Any) -> Any:
        """Open dbt's connection, unless it is."""
        if connection.state == "open":
            return connection
        credentials: ServicetitanCredentials = connection.credentials

        def connect() -> Any:
            try:
                handle = psycopg2.connect(credentials.dsn())
            except MirrorError as error:
                raise DbtRuntimeError(str(error)) from None
            handle.autocommit = bool(credentials.autocommit)
            if credentials.role:
                handle.cursor().execute(f"set role {quoted(credentials.role)}")
            return handle

        return cls.retry_connection(
            connection,
            connect,
            AdapterLogger("ServiceTitan"),
            retryable_exceptions=[psycopg2.OperationalError],
            retry_limit=credentials.retries,
            retry_timeout=lambda attempt: attempt * attempt,
        )

    @contextmanager
    def exception_handler(self, sql: str) -> Iterator[None]:
        """dbt-postgres's, but with what PostgreSQL refused in words that quote no row."""
        try:
            with super().exception_handler(sql):
                yield
        except DbtDatabaseError as error:
            refusal = error.__cause__
            if not isinstance(refusal, psycopg2.Error):
                raise
            said = explain(refusal, connection=self.get_thread_connection().handle)
            raise DbtDatabaseError(said + _near(refusal)) from refusal


class ServicetitanAdapter(PostgresAdapter):
    """dbt-postgres for a database whose name may be any."""

    Relation = ServicetitanRelation
    ConnectionManager = ServicetitanConnections

    @classmethod
    def quote(cls, identifier: str) -> str:
        """The name as SQL takes it."""
        return quoted(identifier)

    @available
    def verify_database(self, database: str) -> str:
        """dbt-postgres compares names between quotes wrongly, and a name that is not this database's fails anyway."""
        return ""


def _parts() -> dict[str, str]:
    """Where the database is, by libpq's names, as far as it is known without a connection."""
    if named := os.environ.get(VARIABLE):
        return parse_dsn(named)
    from servicetitan_mirror.postgres import destination, embedded
    from servicetitan_mirror.postgres.warehouse import EMBEDDED_FOLDER

    try:
        root = _settings()
        found = destination.configured()
    except MirrorError as error:
        raise DbtRuntimeError(str(error)) from None
    embedded_server = {"host": str(root / EMBEDDED_FOLDER), "port": "5432", "user": "postgres"}
    return found.parts if found else {"dbname": embedded.DATABASE, **embedded_server}


@cache
def _configured() -> str:
    from servicetitan_mirror.postgres.warehouse import open_warehouse

    return open_warehouse(_settings()).session("dbt")


def _settings() -> Path:
    """Read settings as the mirror does; the folder that holds its database."""
    from servicetitan_mirror.config import lookup

    root = CHECKOUT or _working_folder()
    if not CHECKOUT:  # dbt may have been called in a folder of the project
        os.environ.setdefault("DLT_PROJECT_DIR", str(root))
    lookup.use()
    lookup.warn()
    return root


def _working_folder() -> Path:
    """Where an installed mirror has its settings and its embedded database, from a folder inside it too."""
    here = Path.cwd()
    kept = (".postgres", ".servicetitan", ".dlt")
    return next((folder for folder in (here, *here.parents) if any((folder / name).is_dir() for name in kept)), here)


def _port(said: str) -> Port:
    """The port for who asks for `target.port`; of several the first."""
    first = said.partition(",")[0]
    return Port(int(first) if first.isdigit() else 0)


def _near(refusal: psycopg2.Error) -> str:
    """The line of SQL that PostgreSQL points at, where it could not understand it."""
    position, statement = refusal.diag.statement_position, getattr(refusal.cursor, "query", None)
    if not position or not statement or not (refusal.pgcode or "").startswith("42"):
        return ""
    before = statement.decode()[: int(position)]
    return f" It stands in: {statement.decode().splitlines()[before.count(chr(10))].strip()}"


_NO_ADDRESS = (
    "{keys}: an output of the type servicetitan goes to the database that the mirror is configured for. "
    "For another one write an output of the type postgres."
)

"""PostgreSQL's side of a check: reached how, which version, which rights, how much room. It changes nothing there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psycopg2
from psycopg2.extensions import connection as Connection

from servicetitan_mirror.config.settings import Settings
from servicetitan_mirror.errors import MirrorError
from servicetitan_mirror.operation.check_line import Line, red
from servicetitan_mirror.postgres import layout, pooler
from servicetitan_mirror.postgres.analysts import ANALYSTS
from servicetitan_mirror.postgres.refusals import RIGHTS, explain
from servicetitan_mirror.postgres.warehouse import Warehouse, at_work, open_warehouse, query
from servicetitan_mirror.raw import preflight
from servicetitan_mirror.tables import optional
from servicetitan_mirror.tables.project import model_names

RECORD = (
    5_000  # bytes of a record in the database, landed, built and indexed: 3,400 as measured, and what changes leave
)
WORKING = 500 * 2**20  # bytes that dlt's files and dbt's need below the working folder


def check_database(root: Path, settings: Settings | None, records: int | None) -> list[Line]:
    """The lines; `records` is what the source holds, if it said so. Without settings, no tenant's rights."""
    try:
        warehouse = open_warehouse(root)
        if settings:
            warehouse = replace(warehouse, lock_timeout=settings.lock_timeout)
        connection = warehouse.connect()
    except MirrorError as error:
        return [red("database", error)]
    with closing(connection):
        try:
            lines = [Line("database", "green", warehouse.place()), *_server(connection, warehouse)]
            if settings:
                lines += _rights(connection, root, settings)
            return [*lines, *_room(connection, warehouse, root, records)]
        except psycopg2.Error as error:
            return [red("database", explain(error, "go on", connection))]


def _server(connection: Connection, warehouse: Warehouse) -> Iterator[Line]:
    ((version,),) = query(connection, "show server_version")
    yield Line("version", "green", f"PostgreSQL {version}")
    yield _tls(connection)
    for check in (layout.check, lambda held: pooler.check(held, warehouse.connect)):
        try:
            check(connection)
        except MirrorError as error:
            yield red("database", error)


def _tls(connection: Connection) -> Line:
    info = connection.info
    if info.ssl_in_use:
        return Line("TLS", "green", f"{info.ssl_attribute('protocol')}")
    ((here,),) = query(connection, "select coalesce(inet_server_addr() <<= any('{127.0.0.0/8,::1}'::inet[]), true)")
    if here:
        return Line("TLS", "green", "not needed: the database is on this machine")
    return Line("TLS", "yellow", "records and password travel in clear", "Add sslmode=verify-full to the credentials.")


def _rights(connection: Connection, root: Path, settings: Settings) -> Iterator[Line]:
    tenant_id, models = settings.tenant_id, model_names(root, optional.of(settings.chosen, root))
    problems, free = preflight.problems(connection, tenant_id, models)
    for problem in problems:
        what, _, statement = problem.partition(": ")
        yield Line("rights", "red", what, f"{statement} {RIGHTS}")
    if not problems:
        yield Line("rights", "green", f"enough for schemas and tables; {free} more connections are free")
    role = (
        "select exists (select from pg_roles where rolname = %s), rolcreaterole or rolsuper from pg_roles "
        "where rolname = session_user"
    )
    ((exists, may_make),) = query(connection, role, (ANALYSTS,))
    if exists or may_make:
        yield Line("analysts", "green", f"the role {ANALYSTS} {'exists' if exists else 'can be made'}")
    else:
        advice = f"As a superuser: create role {ANALYSTS};"
        yield Line("analysts", "yellow", f"the role {ANALYSTS} is missing and may not be made", advice)
    if other := at_work(connection, tenant_id):
        yield Line("other syncs", "yellow", f"one is at work: {other}", "Nothing, unless it hangs.")


def _room(connection: Connection, warehouse: Warehouse, root: Path, records: int | None) -> Iterator[Line]:
    free = shutil.disk_usage(root).free
    colour, advice = ("green", "") if free >= WORKING else ("red", f"Free {_size(WORKING)} there.")
    yield Line("disk", colour, f"{_size(free)} are free for files while a sync works ({root})", advice)  # type: ignore[arg-type]
    if records is None:
        return
    ((held,),) = query(connection, "select pg_database_size(current_database())")
    needed = max(records * RECORD - held, 0)
    if not (folder := database_folder(connection, warehouse)):
        sentence = f"the database's disk cannot be seen from here; about {_size(needed)} more will be needed"
        yield Line("disk", "green" if needed < WORKING else "yellow", sentence, "" if needed < WORKING else _SEE)
        return
    free = shutil.disk_usage(folder).free
    sentence = f"{_size(free)} are free for the database, and about {_size(needed)} more will be needed"
    if needed > free:
        yield Line("disk", "red", sentence, "Make room, or name a database on another machine.")
    else:
        tight = needed > free / 2
        yield Line("disk", "yellow" if tight else "green", sentence, "Make room soon." if tight else "")


def database_folder(connection: Connection, warehouse: Warehouse) -> Path | None:
    """Where the database's files are, if they are on this machine and the server tells."""
    told = "select setting from pg_settings where name = 'data_directory' and inet_server_addr() is null"
    folders = [Path(folder) for (folder,) in query(connection, told)]
    folders += [warehouse.embedded] if warehouse.embedded else []  # which lies elsewhere where nobody may start it here
    return next((folder for folder in folders if os.path.exists(folder)), None)


def _size(count: float) -> str:
    for unit in ("kB", "MB", "GB"):
        count /= 1024
        if count < 1024:
            return f"{count:,.1f} {unit}"
    return f"{count / 1024:,.1f} TB"


_SEE = "See that its server has that much."

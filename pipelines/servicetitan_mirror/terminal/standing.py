"""How the mirror stands, tenant by tenant: its tables, what became of its modules, its last runs, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg2
from psycopg2.extensions import connection as Connection

from servicetitan_mirror.entities import ENTITIES, PUBLISHED, Entity
from servicetitan_mirror.errors import MirrorError
from servicetitan_mirror.postgres.refusals import explain
from servicetitan_mirror.postgres.warehouse import at_work
from servicetitan_mirror.terminal.inventory import TABLES, Inventory
from servicetitan_mirror.terminal.screen import duration, many, together

Said = Iterator[tuple[str, str]]  # of a module or table, a sentence


@dataclass(frozen=True)
class TableState:
    """A published table, with all lists that fill it; what is not known is None. `rows` are those not deleted."""

    table: str
    rows: int | None
    deleted: int | None
    read_until: datetime | None
    age_seconds: float | None
    last_full: datetime | None
    pending_loads: int | None
    open_failures: int | None
    rejected_records: int | None


@dataclass(frozen=True)
class ModuleState:
    """What became of a module the last time. `notes` is what it did differently although it completed."""

    module: str
    status: str
    started_at: datetime
    completed_at: datetime | None
    error: str | None
    notes: list[str]


@dataclass(frozen=True)
class RunState:
    """A run; `failed` counts modules, the counts after it records."""

    started_at: datetime
    sync_type: str
    triggered_by: str
    modules: int
    failed: int
    fetched: int
    changed: int
    deleted: int
    seconds: float | None


@dataclass(frozen=True)
class LastError:
    """The last error in the log, mended since or not."""

    module: str
    at: datetime
    message: str


@dataclass(frozen=True)
class TenantState:
    """A tenant. `running` is the sync at work, `problems` is what is wrong, `warnings` what somebody should look at."""

    tenant_id: int
    ok: bool
    running: str | None
    problems: list[str]
    warnings: list[str]
    last_error: LastError | None
    tables: list[TableState]
    modules: list[ModuleState]
    runs: list[RunState]


def standing(connection: Connection, max_age: timedelta | None = None, only: int | None = None) -> list[TenantState]:
    """The state of every tenant of the database, or of the `only` one; none where nothing was ever synced.

    Wrong is a module that failed or was cut off the last time, a load that was not built although no sync is at work,
    a table that is missing, and data older than `max_age`. Leaves the connection inside its snapshot.

    Raises:
        ConfigurationError: this user may not read the sync log.
        MirrorError: PostgreSQL refuses something else, for instance because somebody holds a table.
    """
    try:
        return _standing(connection, max_age, only)
    except psycopg2.Error as error:
        connection.rollback()
        raise MirrorError(explain(error, "look at the mirror", connection)) from None


def _standing(connection: Connection, max_age: timedelta | None, only: int | None) -> list[TenantState]:
    tenants = [tenant for tenant in Inventory(connection).tenants() if only in (None, tenant)]
    before = {tenant: at_work(connection, tenant) for tenant in tenants}  # it may end while we look
    connection.set_session(isolation_level="REPEATABLE READ", readonly=True, autocommit=False)
    inventory = Inventory(connection)
    tables = _Tables(inventory)
    return [
        _tenant(inventory, tenant, tables.of(tenant), before[tenant] or at_work(connection, tenant), max_age)
        for tenant in tenants
    ]


def _tenant(
    inventory: Inventory, tenant_id: int, tables: list[TableState], running: str | None, max_age: timedelta | None
) -> TenantState:
    modules = [ModuleState(**row) for row in inventory.modules(tenant_id, running is not None)]
    asked_for = {entity for tenant, entity in inventory.cursors() if tenant == tenant_id}  # not what --only left out
    judged = [table for table in tables if table.table.removeprefix("st_") in asked_for]
    problems = together(_failed(modules, running), len(ENTITIES))
    for said in (_missing(judged, inventory), _unbuilt(tables, running), _old(judged, max_age)):
        problems += together(said, len(TABLES), "tables")
    warnings = together(_to_look_at(tables), len(TABLES), "tables")
    noted = ((module.module, note) for module in modules for note in module.notes)
    warnings += together(noted, len(ENTITIES))
    last_error = next((LastError(**row) for row in inventory.last_error(tenant_id)), None)
    runs = [RunState(**row) for row in inventory.runs(tenant_id)]
    return TenantState(tenant_id, not problems, running, problems, warnings, last_error, tables, modules, runs)


class _Tables:
    """The published tables of all tenants, each together with the companions that complete it."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._rows = inventory.rows()
        self._cursors = inventory.cursors()
        self._pending = inventory.pending()
        self._failures = inventory.failures()
        self._rejected = inventory.rejected()

    def of(self, tenant_id: int) -> list[TableState]:
        """Those of one tenant, in the order in which they are published."""
        return [self._state(tenant_id, entity) for entity in PUBLISHED]

    def _state(self, tenant_id: int, entity: Entity) -> TableState:
        table = entity.table
        members = [(tenant_id, other.name) for other in ENTITIES if entity.name in (other.name, other.companion_of)]
        none = (0, 0) if self._inventory.may_read(table) else (None, None)
        rows, deleted = self._rows.get((tenant_id, table), none)
        cursors = [self._cursors.get(member, (None, None)) for member in members]
        read_until, last_full = (_least(moments) for moments in zip(*cursors, strict=True))
        age = max((self._inventory.now - read_until).total_seconds(), 0.0) if read_until else None
        counts = (_sum(counts, members) for counts in (self._pending, self._failures, self._rejected))
        return TableState(table, rows, deleted, read_until, age, last_full, *counts)


def _least(moments: Iterable[datetime | None]) -> datetime | None:
    known = [*moments]
    return None if None in known else min(moment for moment in known if moment)


def _sum(counts: Mapping[tuple[int, str], int] | None, members: Iterable[tuple[int, str]]) -> int | None:
    return None if counts is None else sum(counts.get(member, 0) for member in members)


def _failed(modules: Iterable[ModuleState], running: str | None) -> Said:
    for module in modules:
        if module.status == "failed":
            yield module.module, str(module.error)
        elif module.status == "abandoned" or (module.status == "started" and not running):
            yield module.module, "was cut off; the next sync goes on from there"


def _missing(tables: Iterable[TableState], inventory: Inventory) -> Said:
    for table in tables:
        if not inventory.exists(table.table):
            yield table.table, "is not there; the next sync builds it"


def _unbuilt(tables: Iterable[TableState], running: str | None) -> Said:
    for table in tables:
        if table.pending_loads and not running:
            loads = many(table.pending_loads, "load")
            yield table.table, f"{loads} landed and not built, and no sync is at work; the next sync builds them"


def _old(tables: Iterable[TableState], max_age: timedelta | None) -> Said:
    if not max_age:
        return
    for table in tables:
        if table.age_seconds is None:
            yield table.table, "never read completely"
        elif table.age_seconds > max_age.total_seconds():
            yield table.table, f"the data is {duration(table.age_seconds)} old"


def _to_look_at(tables: Iterable[TableState]) -> Said:
    for table in tables:
        if table.open_failures:
            yield table.table, f"{many(table.open_failures, 'value')} could not be converted: see st_sync_failures"
        if table.rejected_records:
            yield table.table, f"{many(table.rejected_records, 'record')} could not land: see st_rejected_records"

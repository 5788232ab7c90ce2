"""One look at the mirror: what became of its tables, modules and runs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

import psycopg2
from psycopg2.extensions import connection as Connection

from servicetitan_mirror.entities import BY_NAME, ENTITIES, Entity
from servicetitan_mirror.errors import MirrorError
from servicetitan_mirror.operation.inventory import Inventory, Of, Open
from servicetitan_mirror.postgres.refusals import explain
from servicetitan_mirror.postgres.warehouse import at_work, query


@dataclass(frozen=True)
class TableState:
    """A published table, with all lists that fill it; what is not known is None. `rows` are those not deleted.

    `pause_seconds` is how long its lists rest between two reads; `let_go_at` since when they are no longer chosen.
    """

    table: str
    rows: int | None
    deleted: int | None
    read_until: datetime | None
    age_seconds: float | None
    last_full: datetime | None
    pending_loads: int | None
    open_failures: int | None
    rejected_records: int | None
    pause_seconds: float = 0.0
    let_go_at: datetime | None = None


@dataclass(frozen=True)
class ModuleState:
    """What became of a module the last time. `notes` is what it did differently although it completed.

    `failing_since` is the first of the runs that did not complete one after the other, up to the last; `refused` are
    the records that its last run would not mark as deleted.
    """

    module: str
    status: str
    started_at: datetime
    completed_at: datetime | None
    error: str | None
    notes: list[str]
    failing_since: datetime | None
    refused: int


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
class Look:
    """The database at one moment: its tenants, with the sync that is at work or None, and what can be asked of it."""

    running: dict[int, str | None]
    inventory: Inventory

    def tables(self, tenant_id: int, counted: bool = False) -> list[TableState]:
        """The published tables, in their order; their rows are counted only where that is asked for."""
        rows = self.inventory.rows() if counted else {}
        return [self._table(tenant_id, entity, rows if counted else None) for entity in self.inventory.published]

    def modules(self, tenant_id: int) -> list[ModuleState]:
        """What became of each module the last time, before the sync that is at work."""
        running = self.running[tenant_id] is not None
        return [ModuleState(**row) for row in self.inventory.modules(tenant_id, running)]

    def _table(self, tenant_id: int, entity: Entity, rows: Mapping[Of, tuple[int, int]] | None) -> TableState:
        held, of = self.inventory, members(tenant_id, entity)
        none = (0, 0) if rows is not None and held.may_read(entity.table) else (None, None)
        alive, deleted = (rows or {}).get((tenant_id, entity.table), none)
        cursors = [held.cursors.get(member, (None, None)) for member in of]
        read_until, last_full = (_least(moments) for moments in zip(*cursors, strict=True))
        return TableState(
            entity.table,
            alive,
            deleted,
            read_until,
            max((held.now - read_until).total_seconds(), 0.0) if read_until else None,
            last_full,
            None if held.pending is None else sum(held.pending.get(member, 0) for member in of),
            open_of(held.failures, of).amount,
            open_of(held.rejected, of).amount,
            max((held.pauses[member].total_seconds() for member in of if member in held.pauses), default=0.0),
            max((held.let_go[member] for member in of if member in held.let_go), default=None),
        )


@contextmanager
def looking(connection: Connection, only: Collection[int] = ()) -> Iterator[Look]:
    """Look at every tenant of the database, or `only` at some, in one snapshot.

    Raises:
        ConfigurationError: this user may not read the sync log.
        MirrorError: PostgreSQL refuses something else, for instance because somebody holds a table.
    """
    try:
        tenants = [tenant for tenant in Inventory(connection).tenants() if not only or tenant in only]
        before = {tenant: at_work(connection, tenant) for tenant in tenants}  # it may end while we look
        query(connection, "begin isolation level repeatable read, read only")
        try:
            inventory = Inventory(connection)
            yield Look({tenant: before[tenant] or at_work(connection, tenant) for tenant in tenants}, inventory)
        finally:
            with suppress(psycopg2.Error):  # the connection is lost, which the caller hears of
                query(connection, "rollback")
    except psycopg2.Error as error:
        raise MirrorError(explain(error, "look at the mirror", connection)) from None


def table_of(name: str) -> str:
    """The table that a module's records end up in, where it has one; any other name as it is."""
    entity = BY_NAME.get(name)
    return BY_NAME[entity.companion_of or name].table if entity else name


def members(tenant_id: int, entity: Entity) -> list[Of]:
    """The entities whose lists fill an entity's table."""
    return [(tenant_id, name) for name in (entity.name, *_COMPANIONS.get(entity.name, ()))]


_COMPANIONS = {
    parent: [each.name for each in ENTITIES if each.companion_of == parent]
    for parent in {each.companion_of for each in ENTITIES if each.companion_of}
}


def open_of(found: Mapping[Of, Open] | None, of: Iterable[Of]) -> Open:
    """What is open of several entities, and since when the first of it."""
    if found is None:
        return Open(None, None)
    there = [found[member] for member in of if member in found]
    since = min((one.since for one in there if one.since), default=None)
    return Open(sum(one.amount or 0 for one in there), since)


def _least(moments: Iterable[datetime | None]) -> datetime | None:
    known = [*moments]
    return None if None in known else min(moment for moment in known if moment)

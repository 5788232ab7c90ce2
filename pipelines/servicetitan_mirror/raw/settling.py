"""One batch: load what has come of its modules together, then settle those that are finished.

A module is settled in one transaction: counts, deletions, rejected records, cursors and its row of the log.
After a crash either all of it is there, or the lists are read again, which changes nothing twice. What PostgreSQL
refuses costs the record, else the module: the others of the batch land all the same.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

import psycopg2
from dlt.common.exceptions import DltException
from psycopg2.extensions import connection as Connection
from psycopg2.extras import execute_values

from servicetitan_mirror.clock import UTC
from servicetitan_mirror.config.settings import Settings
from servicetitan_mirror.errors import MirrorError
from servicetitan_mirror.postgres.refusals import explain
from servicetitan_mirror.postgres.warehouse import RAW, Warehouse, query, transaction
from servicetitan_mirror.raw import cursors
from servicetitan_mirror.raw.careful import land_carefully
from servicetitan_mirror.raw.deletions import mark_deleted
from servicetitan_mirror.raw.log import Outcome, SyncLog
from servicetitan_mirror.raw.rejections import keep_rejected
from servicetitan_mirror.raw.source import Loader, Module, RefusedLoad
from servicetitan_mirror.reading.reading import Reading


class Landing:
    """Lands the batches of one sync, which began at `began` by the server's clock."""

    def __init__(
        self,
        connection: Connection,
        sync_log: SyncLog,
        settings: Settings,
        warehouse: Warehouse,
        loader: Loader,
        began: datetime | None,
    ) -> None:
        self._connection = connection
        self._log = sync_log
        self._settings = settings
        self._tenant_id = settings.tenant_id
        self._warehouse = warehouse
        self._loader = loader
        self._began = began
        ((self._since,),) = query(connection, "select clock_timestamp()")

    def land(self, modules: Sequence[Module], limit: int) -> Iterator[tuple[Module, Outcome]]:
        """Load what has come of the modules, `limit` rows of each; yields those that are finished, with their outcome.

        Raises:
            psycopg2.Error: our own connection, which holds the lock, is lost.
        """
        refused = None
        try:
            if load_id := self._loader.load(modules, limit, lambda announced: self._announce(modules, announced)):
                for module in modules:
                    module.loads.append(load_id)
        except RefusedLoad as error:
            refused = str(error)
        except DltException as error:
            for module in modules:
                module.fail(explain(error, "load it", self._connection))
        for module in modules:
            if refused:
                self._land_carefully(module, refused, self._loader.files(module.entity))
            if module.aside and not module.problem:
                self._land_aside(module)
            if module.finished:
                yield module, self._outcome(module)

    def _land_aside(self, module: Module) -> None:
        """Land what PostgreSQL has refused before: a whole load would fail once more."""
        load_id = f"{time.time_ns() / 1e9:.7f}"
        self._announce([module], load_id)
        self._land_carefully(module, load_id, [self._loader.put_aside(module, load_id)])

    def _land_carefully(self, module: Module, load_id: str, files: Sequence[Path]) -> None:
        try:
            with closing(self._warehouse.connect("servicetitan load")) as connection:  # not the one that holds the lock
                refused = land_carefully(connection, module.entity, files)
        except (psycopg2.Error, MirrorError, OSError) as error:
            said = str(error) if isinstance(error, MirrorError) else None
            module.fail(said or explain(error, f"load {module.entity.name}", self._connection))
            return
        module.loads.append(load_id)
        for reading in module.readings:
            owner = reading.task.endpoint.owner or ""
            reading.unstorable.update({one.record: None for one in refused if one.owner == owner})

    def _outcome(self, module: Module) -> Outcome:
        outcome = _read_outcome(module)
        if module.problem:
            outcome.failed = 0  # as the log says, which counts only what was settled
            outcome.fail(module.problem)
        else:
            try:
                self._settle(module, outcome)
            except psycopg2.Error as error:
                if self._connection.closed:
                    raise
                outcome.fail(explain(error, f"settle {module.entity.name}", self._connection))
        return outcome

    def _announce(self, modules: Sequence[Module], load_id: str) -> None:
        """Make the load pending before a row of it lands: if we die in between, its rows are built all the same."""
        with self._connection.cursor() as cursor:
            execute_values(
                cursor,
                f"insert into {RAW}.pending_loads (tenant_id, entity, load_id) values %s on conflict do nothing",
                [(self._tenant_id, module.entity.name, load_id) for module in modules],
            )

    def _settle(self, module: Module, outcome: Outcome) -> None:
        with transaction(self._connection):
            if module.loads:
                self._count(module, outcome)
            unsettled = self._mark_deleted(module, outcome)
            for reading in module.readings:
                keep_rejected(self._connection, self._tenant_id, reading)
                if reading.task.name not in unsettled:
                    self._advance(reading, outcome)
            self._log.landed(self._connection, outcome)

    def _count(self, module: Module, outcome: Outcome) -> None:
        ((written, created),) = query(
            self._connection,
            f"""
            select count(*), count(*) filter (where first_seen_at >= %s)
            from {RAW}.{outcome.entity.name} where _dlt_load_id = any(%s) and tenant_id = %s
            """,
            (self._since, module.loads, self._tenant_id),
        )
        if not written:  # there is nothing to build
            query(
                self._connection,
                f"delete from {RAW}.pending_loads where tenant_id = %s and entity = %s and load_id = any(%s)",
                (self._tenant_id, outcome.entity.name, module.loads),
            )
        outcome.created, outcome.updated = created, written - created
        outcome.unchanged = outcome.fetched - outcome.failed - written

    def _mark_deleted(self, module: Module, outcome: Outcome) -> set[str]:
        """Mark what is gone; returns the lists that could not be compared, which are not done."""
        complete = [reading for reading in module.readings if reading.task.is_full and not reading.error]
        if module.is_new or not complete:
            return set()
        load_id = f"{time.time_ns() / 1e9:.7f}"
        share = self._settings.max_deleted_share
        marked = mark_deleted(self._connection, self._tenant_id, complete, load_id, share)
        outcome.deleted = marked.count
        if marked.count:
            self._announce([module], load_id)
        for name, note in marked.passed_over.items():
            outcome.note(name, note)
        for name, refusal in marked.refused.items():
            outcome.fail(refusal, name)
        for name, problem in marked.problems.items():
            outcome.fail(explain(problem, f"mark what {name} no longer lists", self._connection), name)
        return set(marked.problems)

    def _advance(self, reading: Reading, outcome: Outcome) -> None:
        if reading.error:
            return
        known = [moment for moment in (self._began, reading.read_until) if moment]
        moment = min(known, default=datetime.now(UTC))
        outcome.cursor_to = cursors.advance(self._connection, self._tenant_id, reading, moment)


def _read_outcome(module: Module) -> Outcome:
    """What the readings alone say about a module."""
    readings = module.readings
    outcome = Outcome(
        module.entity,
        module.sync_type,
        fetched=sum(reading.fetched for reading in readings),
        failed=sum(len(reading.rejected) + len(reading.unstorable) for reading in readings),
        api_calls=sum(reading.calls.made for reading in readings),
        throttled_calls=sum(reading.calls.throttled for reading in readings),
        cursor_from=min((reading.task.since for reading in readings if reading.task.since), default=None),
    )
    for reading in readings:
        if reading.error:
            outcome.fail(_message(reading.error), reading.task.name)
        for note in reading.notes:
            outcome.note(reading.task.name, note)
    return outcome


def _message(error: Exception) -> str:
    """The message of our own errors; of others only what they are, since they may quote a record."""
    return str(error) if isinstance(error, MirrorError) else f"unexpected {type(error).__name__}"

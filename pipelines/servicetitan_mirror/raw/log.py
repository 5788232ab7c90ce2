"""The sync log: one row per run and module in `raw_servicetitan.sync_log`, which `st_sync_log` shows.

A row is visible from the moment its module starts and says `started` until what it landed can be queried.
A run that died leaves rows that say so for ever; the next run, which holds the lock and so knows that they
are dead, calls them `abandoned`.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime

import psycopg2
from psycopg2.extensions import connection as Connection
from psycopg2.extras import Json

from servicetitan_mirror.entities import Entity
from servicetitan_mirror.errors import MirrorError, Stopped
from servicetitan_mirror.postgres.refusals import explain
from servicetitan_mirror.postgres.warehouse import RAW, query


@dataclass(frozen=True)
class Run:
    """One sync: who asked for what."""

    tenant_id: int
    triggered_by: str
    parameters: dict[str, object]
    id: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass
class Outcome:
    """What became of one module. Counts are of distinct records: created + updated + unchanged + rejected = fetched."""

    entity: Entity
    sync_type: str
    status: str = "started"
    fetched: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    failed: int = 0
    failures_open: int = 0
    api_calls: int = 0
    throttled_calls: int = 0
    seconds: float = 0.0
    cursor_from: datetime | None = None
    cursor_to: datetime | None = None
    error: str | None = None
    details: dict[str, str] = field(default_factory=dict)

    def fail(self, error: str, name: str | None = None) -> None:
        """Note an error, of a list where one is named; the first one is the message."""
        self.status = "failed"
        self.error = self.error or error
        if name:
            self.note(name, error)

    def note(self, name: str, said: str) -> None:
        """Note what a reader of the log should know of a list, though it may not have failed."""
        self.details[name] = "; ".join(filter(None, [self.details.get(name), said]))


class SyncLog:
    """Writes the rows of one run, which was asked for `entities`. Threads start modules while others finish them."""

    def __init__(self, connection: Connection, run: Run, entities: Iterable[Entity] = ()) -> None:
        self._connection = connection
        self._run = run
        self._entities = [*entities]
        self._lock = threading.Lock()
        self._started: set[str] = set()

    def start(self, entity: Entity, sync_type: str) -> None:
        """The module's row, once."""
        with self._lock:
            if entity.name not in self._started:
                self._started.add(entity.name)
                query(self._connection, _STARTED, self._row(entity, sync_type))

    def settled(self, connection: Connection, outcome: Outcome) -> None:
        """The module's counts, in the transaction that moves its cursors."""
        query(connection, _SETTLED, self._values(outcome))

    def finish(self, outcome: Outcome) -> None:
        """The module's final status."""
        with self._lock:
            query(self._connection, _FINISHED, self._values(outcome))

    def give_up(self, status: str, message: str) -> None:
        """The run ends early: the status of all modules that are not finished, begun or not."""
        with self._lock, suppress(psycopg2.Error):  # where it cannot be said any more, the next sync says it
            query(self._connection, _GIVEN_UP, (status, message, self._run.id))
            for entity in self._entities:
                if entity.name not in self._started:
                    row = self._row(entity, "full" if self._run.parameters.get("full") else "incremental")
                    query(self._connection, _NEVER_BEGUN, {**row, "status": status, "message": message})

    def _row(self, entity: Entity, sync_type: str) -> dict[str, object]:
        row = {**vars(self._run), "module": entity.name, "sync_type": sync_type}
        return {**row, "parameters": Json(self._run.parameters)}

    def _values(self, outcome: Outcome) -> dict[str, object]:
        details = Json(outcome.details) if outcome.details else None
        named = {**vars(outcome), "run_id": self._run.id, "module": outcome.entity.name, "details": details}
        return {key: value for key, value in named.items() if key != "entity"}


@contextmanager
def logged(sync_log: SyncLog) -> Iterator[SyncLog]:
    """Leave no row of the log open, however the sync ends."""
    try:
        yield sync_log
    except Stopped:
        sync_log.give_up("abandoned", "The sync was stopped.")
        raise
    except MirrorError as error:
        sync_log.give_up("failed", str(error))
        raise
    except psycopg2.Error as error:
        sync_log.give_up("abandoned", explain(error, "go on"))
        raise
    except OSError as error:  # a full disk, or somebody removed the working folder
        problem = f"The working folder cannot be used: {error.strerror}."
        sync_log.give_up("failed", problem)
        raise MirrorError(problem) from None
    except Exception as error:
        sync_log.give_up("failed", f"The sync ended early: {type(error).__name__}.")
        raise


def abandon(connection: Connection, tenant_id: int) -> None:
    """Call the rows of dead runs abandoned. Only the holder of the tenant's lock may call it."""
    query(
        connection,
        f"""
        update {RAW}.sync_log set status = 'abandoned', completed_at = clock_timestamp(),
            error_message = coalesce(error_message, 'The process ended before the module was done.')
        where tenant_id = %s and status = 'started'
        """,
        (tenant_id,),
    )


def cut_off(connection: Connection, tenant_id: int) -> set[str]:
    """The entities of the tenant's latest run if that was a full one that did not come to its end.

    A run that ended before it began to read, which its rows say with a duration of 0, is passed over.
    """
    rows = query(
        connection,
        f"""
        select module, bool_or(status = 'abandoned') over () and (parameters ->> 'full')::boolean
        from {RAW}.sync_log where tenant_id = %s and run_id = (
            select run_id from {RAW}.sync_log where tenant_id = %s and duration_ms is distinct from 0
            order by started_at desc limit 1
        )
        """,
        (tenant_id, tenant_id),
    )
    return {module for module, goes_on in rows if goes_on}


def prune(connection: Connection, tenant_id: int, days: int) -> None:
    """Forget log rows and dlt's load records that are older than `days`."""
    age = f"now() - make_interval(days => {days})"
    query(connection, f"delete from {RAW}.sync_log where tenant_id = %s and started_at < {age}", (tenant_id,))
    if query(connection, "select to_regclass(%s)", (f"{RAW}._dlt_loads",)) != [(None,)]:  # made by the first load
        query(connection, f"delete from {RAW}._dlt_loads where inserted_at < {age}")


_STARTED = f"""
insert into {RAW}.sync_log (run_id, tenant_id, module, sync_type, status, triggered_by, parameters)
values (%(id)s, %(tenant_id)s, %(module)s, %(sync_type)s, 'started', %(triggered_by)s, %(parameters)s)
"""
_NEVER_BEGUN = f"""
insert into {RAW}.sync_log (run_id, tenant_id, module, sync_type, status, triggered_by, parameters, error_message,
    started_at, completed_at, duration_ms)
values (%(id)s, %(tenant_id)s, %(module)s, %(sync_type)s, %(status)s, %(triggered_by)s, %(parameters)s, %(message)s,
    now(), now(), 0)
on conflict (run_id, module) do nothing
"""
_GIVEN_UP = f"""
update {RAW}.sync_log set status = %s, error_message = %s, completed_at = clock_timestamp(),
    duration_ms = 1000 * extract(epoch from clock_timestamp() - started_at)
where run_id = %s and status = 'started'
"""
_SETTLED = f"""
update {RAW}.sync_log set
    records_fetched = %(fetched)s, records_created = %(created)s, records_updated = %(updated)s,
    records_unchanged = %(unchanged)s, records_deleted = %(deleted)s, records_failed = %(failed)s,
    api_calls = %(api_calls)s, throttled_calls = %(throttled_calls)s,
    cursor_from = %(cursor_from)s, cursor_to = %(cursor_to)s
where run_id = %(run_id)s and module = %(module)s
"""
_FINISHED = f"""
update {RAW}.sync_log set
    status = %(status)s, error_message = %(error)s, error_details = %(details)s, records_failed = %(failed)s,
    failures_open = %(failures_open)s, completed_at = started_at + make_interval(secs => %(seconds)s),
    duration_ms = 1000 * %(seconds)s
where run_id = %(run_id)s and module = %(module)s
"""

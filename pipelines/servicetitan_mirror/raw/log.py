"""The sync log: one row per run and stream in `raw_servicetitan.sync_log`, which `st_sync_log` shows.

A row is visible from the moment its stream starts and says `started` until what landed can be queried. A run that died
leaves such rows behind; the next run, which holds the lock and so knows that they are dead, calls them `abandoned`
(history.py). The column that names the entity is called `module`, which is promised to analysts.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import psycopg2
from psycopg2.extensions import connection as Connection
from psycopg2.extras import Json

from servicetitan_mirror import __version__
from servicetitan_mirror.entities import Entity
from servicetitan_mirror.errors import MirrorError, Stopped
from servicetitan_mirror.postgres.refusals import explain
from servicetitan_mirror.postgres.warehouse import RAW, query
from servicetitan_mirror.raw.outcomes import Outcome

MODELS = Entity("models", 0, ())  # in the log, what the user has built with dbt on the tables


@dataclass(frozen=True)
class Run:
    """One sync, as the log names it.

    Attributes:
        tenant_id: whose records are synced.
        triggered_by: who asked for it: `manual`, `scheduled` or `api`.
        parameters: what was asked for, as `Options.parameters` has it.
        id: tells it from all other runs.
    """

    tenant_id: int
    triggered_by: str
    parameters: dict[str, object]
    id: str = field(default_factory=lambda: str(uuid.uuid4()))


class SyncLog:
    """Writes the rows of one run, which was asked for `entities`. Several threads start and finish streams at once."""

    def __init__(self, connection: Connection, run: Run, entities: Iterable[Entity] = ()) -> None:
        self._connection = connection
        self._run = run
        self._entities = [*entities]
        self._lock = threading.Lock()
        self._started: set[str] = set()

    def start(self, entity: Entity, sync_type: str) -> None:
        """Write the stream's row; the readings of one stream all call it, and the first one counts."""
        with self._lock:
            if entity.name not in self._started:
                self._started.add(entity.name)
                query(self._connection, _STARTED, self._row(entity, sync_type))

    def settled(self, connection: Connection, outcome: Outcome) -> None:
        """Write the counts of a stream, in the transaction that moves its cursors."""
        query(connection, _SETTLED, self._values(outcome))

    def finish(self, outcome: Outcome) -> None:
        """Write the final status of a stream, once what landed can be queried, or has failed."""
        with self._lock:
            query(self._connection, _FINISHED, self._values(outcome))

    def end_early(self, status: str, message: str) -> None:
        """Write the status of all streams that are not finished, also of those that never started."""
        with self._lock, suppress(psycopg2.Error):  # where it cannot be said any more, the next sync says it
            query(self._connection, _ENDED_EARLY, (status, message, self._run.id))
            for entity in self._entities:
                if entity.name not in self._started:
                    row = self._row(entity, "full" if self._run.parameters.get("full") else "incremental")
                    query(self._connection, _NEVER_STARTED, {**row, "status": status, "message": message})

    def _row(self, entity: Entity, sync_type: str) -> dict[str, object]:
        row = {**vars(self._run), "module": entity.name, "sync_type": sync_type, "version": __version__}
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
        sync_log.end_early("abandoned", "The sync was stopped.")
        raise
    except MirrorError as error:
        sync_log.end_early("failed", str(error))
        raise
    except psycopg2.Error as error:
        sync_log.end_early("abandoned", explain(error, "go on"))
        raise
    except OSError as error:  # a full disk, or somebody removed the working folder
        problem = f"The working folder cannot be used: {error.strerror}."
        sync_log.end_early("failed", problem)
        raise MirrorError(problem) from None
    except Exception as error:
        sync_log.end_early("failed", f"The sync ended early: {type(error).__name__}.")
        raise


_STARTED = f"""
insert into {RAW}.sync_log (run_id, tenant_id, module, sync_type, status, triggered_by, parameters, version)
values (%(id)s, %(tenant_id)s, %(module)s, %(sync_type)s, 'started', %(triggered_by)s, %(parameters)s, %(version)s)
"""
_NEVER_STARTED = f"""
insert into {RAW}.sync_log (run_id, tenant_id, module, sync_type, status, triggered_by, parameters, version,
    error_message, started_at, completed_at, duration_ms)
values (%(id)s, %(tenant_id)s, %(module)s, %(sync_type)s, %(status)s, %(triggered_by)s, %(parameters)s, %(version)s,
    %(message)s, now(), now(), 0)
on conflict (run_id, module) do nothing
"""
_ENDED_EARLY = f"""
update {RAW}.sync_log set status = %s, error_message = %s, completed_at = clock_timestamp(),
    duration_ms = 1000 * extract(epoch from clock_timestamp() - started_at)
where run_id = %s and status = 'started'
"""
_SETTLED = f"""
update {RAW}.sync_log set
    records_fetched = %(fetched)s, records_created = %(created)s, records_updated = %(updated)s,
    records_unchanged = %(unchanged)s, records_deleted = %(deleted)s, records_failed = %(failed)s,
    deletions_refused = %(deletions_refused)s,
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

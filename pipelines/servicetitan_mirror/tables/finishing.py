"""A stream is finished as soon as what it landed can be queried, whatever becomes of the other streams."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import psycopg2
from psycopg2.extensions import connection as Connection

from servicetitan_mirror.postgres.refusals import explain
from servicetitan_mirror.postgres.warehouse import RAW, query
from servicetitan_mirror.raw.log import MODELS, SyncLog
from servicetitan_mirror.raw.outcomes import Outcome
from servicetitan_mirror.raw.streams import Stream
from servicetitan_mirror.tables.builds import Transformer
from servicetitan_mirror.tables.failure import Failure


@dataclass(frozen=True)
class Failed:
    """How many records of an entity have failed.

    Attributes:
        in_this_run: of which a value could not be converted in this run.
        open: of which a value could not be converted, or that cannot land, since whenever, and that are not healed.
    """

    in_this_run: int = 0
    open: int = 0


class Finishing:
    """Finishes the streams of a run that began at `since` by PostgreSQL's clock. Several threads report builds."""

    def __init__(self, sync_log: SyncLog, transformer: Transformer, tenant_id: int, since: datetime) -> None:
        self._log = sync_log
        self._transformer = transformer
        self._tenant_id = tenant_id
        self._since = since
        self._lock = threading.Lock()
        self._streams: dict[str, tuple[Stream, Outcome]] = {}
        self._finished: set[str] = set()
        self._settled_at: dict[str, float] = {}

    def settled(self, connection: Connection, stream: Stream, outcome: Outcome) -> None:
        """The stream has settled; it is finished when its tables are built, or when it has failed.

        One that was read in full is compared with its table first, and what the table lacks is built again.
        """
        if stream.is_full and not stream.is_new and outcome.status != "failed":
            try:
                self._transformer.compare(connection, self._tenant_id, stream.entity)
            except psycopg2.Error as error:
                if connection.closed:
                    raise
                outcome.fail(explain(error, f"compare {stream.entity.name} with its table", connection))
        with self._lock:
            self._streams[stream.entity.name] = (stream, outcome)
            self._settled_at[stream.entity.name] = time.monotonic()

    def built(self, connection: Connection) -> None:
        """Finish what can be queried by now, and what has failed."""
        with self._lock:
            left = {name: outcome for name, (_, outcome) in self._streams.items() if name not in self._finished}
            if left:
                unbuilt = self._transformer.unbuilt(connection, self._tenant_id)
                self._finish(connection, [n for n in left if left[n].status == "failed" or n not in unbuilt])

    def all_built(self, connection: Connection, failures: Iterable[Failure]) -> None:
        """Finish what is left; `failures` could not be built."""
        with self._lock:
            failed = {name: str(failure) for failure in failures for name in failure.entities & self._streams.keys()}
            for name, problem in failed.items():
                self._streams[name][1].fail(problem)
            self._finish(connection, [name for name in self._streams if name not in self._finished or name in failed])

    def _finish(self, connection: Connection, names: list[str]) -> None:
        failing = self._failing(connection) if names else {}
        for name in names:
            stream, outcome = self._streams[name]
            counts = failing.get(name, Failed())
            outcome.failures_open = counts.open
            if name not in self._finished:
                outcome.failed += counts.in_this_run
            outcome.seconds = self._ended(stream) - stream.started
            outcome.status = "failed" if outcome.status == "failed" else "completed"
            self._finished.add(name)
            self._log.finish(outcome)

    def _ended(self, stream: Stream) -> float:
        """When what it landed could be queried, by the monotonic clock: as it settled if nothing was to be built."""
        return max(self._settled_at[stream.entity.name], self._transformer.built_at(stream.entity))

    def _failing(self, connection: Connection) -> dict[str, Failed]:
        rows = query(connection, _FAILING, {"tenant": self._tenant_id, "since": self._since})
        return {name: Failed(in_this_run, still_open) for name, in_this_run, still_open in rows}


def build_downstream(connection: Connection, transformer: Transformer, sync_log: SyncLog) -> list[Outcome]:
    """Run what the user has built on the tables; the outcome, with a row of its own in the log, if there was any."""
    began, outcome = time.monotonic(), Outcome(MODELS, "incremental")
    failed = transformer.build_downstream(connection)
    if failed is None:
        return []
    sync_log.start(MODELS, outcome.sync_type)
    for name, why in failed.items():
        outcome.fail(f"{name}: {why}", name)
    outcome.status = "failed" if failed else "completed"
    outcome.seconds = time.monotonic() - began
    sync_log.finish(outcome)
    return [outcome]


_FAILING = f"""
select module, sum(in_this_run)::bigint, sum(still_open)::bigint from (
    select module,
        count(distinct (entity_type, st_id)) filter (where last_seen_at >= %(since)s) as in_this_run,
        count(distinct (entity_type, st_id)) filter (where healed_at is null) as still_open
    from {RAW}.sync_failures where tenant_id = %(tenant)s group by module
    union all
    select entity, 0, count(*) from {RAW}.rejected_records
    where tenant_id = %(tenant)s and healed_at is null group by entity
) as failing (module, in_this_run, still_open) group by module
"""

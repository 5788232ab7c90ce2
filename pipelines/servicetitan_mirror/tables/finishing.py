"""When a module is done: as soon as what it landed can be queried, whatever the other modules do."""

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
from servicetitan_mirror.raw.log import Outcome, SyncLog
from servicetitan_mirror.raw.source import Module
from servicetitan_mirror.tables.builds import Failure, Transformer


@dataclass(frozen=True)
class Failing:
    """Of an entity: records that did not convert in this run, and all that have not been healed or cannot land."""

    in_this_run: int = 0
    open: int = 0


class Finishing:
    """Finishes the modules of a run that began at `since`. Several threads say what they have built."""

    def __init__(self, sync_log: SyncLog, transformer: Transformer, tenant_id: int, since: datetime) -> None:
        self._log = sync_log
        self._transformer = transformer
        self._tenant_id = tenant_id
        self._since = since
        self._lock = threading.Lock()
        self._modules: dict[str, tuple[Module, Outcome]] = {}
        self._finished: set[str] = set()
        self._landed_at: dict[str, float] = {}

    def landed(self, connection: Connection, module: Module, outcome: Outcome) -> None:
        """The module is settled; it is finished when it is built, or has failed.

        One that was read in full is compared with its table: only what is in both is built.
        """
        if module.is_full and not module.is_new and outcome.status != "failed":
            try:
                self._transformer.compare(connection, self._tenant_id, module.entity)
            except psycopg2.Error as error:
                if connection.closed:
                    raise
                outcome.fail(explain(error, f"compare {module.entity.name} with its table", connection))
        with self._lock:
            self._modules[module.entity.name] = (module, outcome)
            self._landed_at[module.entity.name] = time.monotonic()

    def built(self, connection: Connection) -> None:
        """Finish what can be queried by now, and what has failed."""
        with self._lock:
            left = {name: outcome for name, (_, outcome) in self._modules.items() if name not in self._finished}
            if left:
                unbuilt = self._transformer.unbuilt(connection, self._tenant_id)
                self._finish(connection, [n for n in left if left[n].status == "failed" or n not in unbuilt])

    def all_built(self, connection: Connection, failures: Iterable[Failure]) -> None:
        """Finish what is left; `failures` could not be built."""
        with self._lock:
            failed = {name: str(failure) for failure in failures for name in failure.entities & self._modules.keys()}
            for name, problem in failed.items():
                self._modules[name][1].fail(problem)
            self._finish(connection, [name for name in self._modules if name not in self._finished or name in failed])

    def _finish(self, connection: Connection, names: list[str]) -> None:
        failing = self._failing(connection) if names else {}
        for name in names:
            module, outcome = self._modules[name]
            counts = failing.get(name, Failing())
            outcome.failures_open = counts.open
            if name not in self._finished:
                outcome.failed += counts.in_this_run
            outcome.seconds = self._ended(module) - module.started
            outcome.status = "failed" if outcome.status == "failed" else "completed"
            self._finished.add(name)
            self._log.finish(outcome)

    def _ended(self, module: Module) -> float:
        """When what the module landed could be queried: at once if nothing was to be built."""
        landed, built = self._landed_at[module.entity.name], self._transformer.built_at(module.entity)
        return max(landed, built)

    def _failing(self, connection: Connection) -> dict[str, Failing]:
        rows = query(connection, _FAILING, {"tenant": self._tenant_id, "since": self._since})
        return {name: Failing(in_this_run, still_open) for name, in_this_run, still_open in rows}


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

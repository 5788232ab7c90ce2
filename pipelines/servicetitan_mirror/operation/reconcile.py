"""The mirror compared with the source, list by list and table by table, and mended if that is asked for.

    lock → build what a sync has left → each list with what landed → each table with that → mend → st_reconciliation

Cheap by default: of each list the total, two pages and what has changed, of each table the keys of all rows and every
column of those on the pages. `deep` reads every list to its end and compares every column of every row. It holds the
sync's lock, so that nothing lands meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path

import psycopg2
from psycopg2.extensions import connection as Connection

from servicetitan_mirror.api.client import Client
from servicetitan_mirror.config.settings import Settings
from servicetitan_mirror.entities import Entity
from servicetitan_mirror.errors import ConfigurationError, MirrorError, Stopped
from servicetitan_mirror.operation import mending, shown
from servicetitan_mirror.operation.findings import Found, Result, keep, result_of
from servicetitan_mirror.operation.listed import Lists
from servicetitan_mirror.options import Options
from servicetitan_mirror.postgres.refusals import explain
from servicetitan_mirror.postgres.warehouse import Warehouse, locked, tenants
from servicetitan_mirror.raw import cursors
from servicetitan_mirror.raw.rejections import refused_before
from servicetitan_mirror.reading.cursor_rule import read_from
from servicetitan_mirror.reading.task import Task
from servicetitan_mirror.sync import Sync
from servicetitan_mirror.tables import optional
from servicetitan_mirror.tables.builds import Transformer
from servicetitan_mirror.watcher import Watcher

NOTHING = "Nothing of tenant {} was synced into this database yet. Run: servicetitan sync"
NEVER_READ = "{} was never read completely; the next sync does that"


@dataclass
class Reconciliation:
    """One reconciliation of one tenant; `root` is the folder that holds `dbt_project`.

    Attributes:
        options: which entities; who asked; how long another sync is waited for.
        deep: whether everything is compared.
        fix: whether what is wrong is mended.
        watcher: hears of what is read to mend.
        say: is told of each module, as a sentence, when it was compared.
    """

    settings: Settings
    warehouse: Warehouse
    root: Path
    options: Options = field(default_factory=Options)
    deep: bool = False
    fix: bool = False
    watcher: Watcher = field(default_factory=Watcher)
    say: Callable[[str], None] = lambda _: None

    def __post_init__(self) -> None:
        self._client = Client(self.settings)

    def run(self) -> list[Result]:
        """Run it.

        Returns:
            The result of each entity, in their order.

        Raises:
            LockedError: a sync of this tenant is running.
            ConfigurationError: PostgreSQL or ServiceTitan refuses us altogether.
            MirrorError: nothing was synced yet.
            Stopped: `stop` was called.
        """
        if self.settings.tenant_id not in tenants(self.warehouse):
            raise MirrorError(NOTHING.format(self.settings.tenant_id))
        with locked(self.warehouse, self.settings.tenant_id, self.options.wait) as connection:
            self._sync({}).prepare(connection)
            began = self._client.log_in()
            with closing(self._transformer(connection)) as transformer:
                unbuilt = self._build(connection, transformer)
            lists = Lists(connection, self._client, refused_before(connection, self.settings.tenant_id))
            findings, results = self._compare(connection, lists, began, unbuilt)
            if self.fix:
                self._mend(connection, lists, findings, results)
            keep(connection, self.settings.tenant_id, results)
        self._client.close()
        return results

    def stop(self) -> None:
        """Ask it to end as soon as it can."""
        self._client.stopping.set()

    def _sync(self, findings: mending.Findings) -> Sync:
        options = Options(only=tuple(findings), triggered_by=self.options.triggered_by, reconcile=True)
        plan = mending.planned(findings)
        return Sync(self.settings, self.warehouse, self.root, options, self.watcher, client=self._client, plan=plan)

    def _transformer(self, connection: Connection) -> Transformer:
        return Transformer(self.warehouse, self.root, lists=optional.in_use(connection, self.root))

    def _build(self, connection: Connection, transformer: Transformer) -> dict[str, str]:
        """Build what a sync has left; by the name of an entity, why its table could not be built."""
        failures = transformer.build(connection, self.settings.tenant_id)
        return {name: str(failure) for failure in failures for name in failure.entities}

    def _compare(
        self, connection: Connection, lists: Lists, began: datetime, unbuilt: dict[str, str]
    ) -> tuple[dict[str, list[Found]], list[Result]]:
        settings, findings, results = self.settings, dict[str, list[Found]](), list[Result]()
        tasks = cursors.plan(connection, settings.tenant_id, self.options.entities, settings.overlap, began)
        for entity, of_entity in groupby(tasks, lambda task: task.entity):
            found = [self._compare_list(connection, lists, task, began) for task in of_entity]
            if entity.name in unbuilt:
                found[0].problem = found[0].problem or unbuilt[entity.name]
            elif shown.has_table(connection, entity):
                self._compare_table(connection, entity, found)
            total = shown.alive(connection, settings.tenant_id, entity)
            findings[entity.name] = found
            results.append(result_of(entity, self.deep, total, found))
            self.say(_sentence(results[-1]))
        return findings, results

    def _compare_list(self, connection: Connection, lists: Lists, task: Task, began: datetime) -> Found:
        if task.cursor is None:
            return Found(task, problem=NEVER_READ.format(task.endpoint.path))
        try:
            return lists.compare(task, read_from(task.cursor, began, self.settings.overlap), self.deep)
        except (ConfigurationError, Stopped):
            raise
        except MirrorError as error:
            return Found(task, problem=str(error), compared=[])
        except psycopg2.Error as error:
            if connection.closed:
                raise
            return Found(task, problem=explain(error, f"compare {task.name}", connection), compared=[])

    def _compare_table(self, connection: Connection, entity: Entity, found: list[Found]) -> None:
        """Add what the table shows wrongly to what was found in the lists."""
        columns_of = None if self.deep else [id for each in found for id in each.compared or ()]
        try:
            differing = shown.compare(connection, self.settings.tenant_id, entity, columns_of=columns_of)
        except psycopg2.Error as error:
            if connection.closed:
                raise
            found[0].problem = found[0].problem or explain(error, f"compare {entity.table}", connection)
            return
        if not shown.knows_columns(connection, entity):
            found[0].notes.append(
                f"the columns of {entity.table} were not compared; servicetitan rebuild {entity.name}"
            )
        for each in found:
            _add_shown(each, differing)

    def _mend(
        self, connection: Connection, lists: Lists, findings: dict[str, list[Found]], results: list[Result]
    ) -> None:
        """Mend what was found, and count what is mended."""
        wrong = {name: found for name, found in findings.items() if any(each.count for each in found)}
        mending.prepare(connection, self.settings.tenant_id, wrong)
        read = {name: found for name, found in wrong.items() if mending.tasks_of(found, self.settings.page_size)}
        failed: dict[str, str | None] = {}
        if read:
            outcomes = self._sync(read).run_within(connection)
            failed = {outcome.entity.name: outcome.error for outcome in outcomes if outcome.status == "failed"}
        elif wrong:
            with closing(self._transformer(connection)) as transformer:
                failed |= self._build(connection, transformer)
        for result in results:
            if result.entity.name in wrong:
                found, problem = wrong[result.entity.name], failed.get(result.entity.name)
                result.problem = result.problem or problem
                result.fixed = sum(self._fixed(connection, lists, each, problem is not None) for each in found)

    def _fixed(self, connection: Connection, lists: Lists, found: Found, has_failed: bool) -> int:
        """How much of what was found in a list is right now."""
        task, ids = found.task, found.all_ids()
        still = lists.still(task) | lists.alive(task, found.extra)
        if has_failed:
            still |= found.lost
        if ids and shown.has_table(connection, task.entity):
            owner = task.endpoint.owner or ""
            differing = shown.compare(connection, self.settings.tenant_id, task.entity, ids, ids)
            still |= {id for of, id in differing if of == owner}
        return len(ids - still) + (0 if has_failed else sum(found.unnamed.values()))


def _add_shown(found: Found, differing: shown.Differing) -> None:
    owner = found.task.endpoint.owner or ""
    for (of, id), kind in differing.items():
        if of != owner:
            continue
        found.shown[id] = "missing" if kind == "lost" else kind
        if kind == "lost":
            found.lost.add(id)
            if found.read is not None and id not in found.read:
                found.extra.add(id)


def _sentence(result: Result) -> str:
    counts = [(getattr(result, kind), kind) for kind in ("missing", "extra", "stale")]
    said = ", ".join(f"{count:,} {kind}" for count, kind in counts if count)
    return f"{result.entity.name}: {result.problem or said or 'nothing differs'}"

"""Builds the st_* tables from what has landed and was not built yet.

Which loads those are stands in `raw_servicetitan.pending_loads` (raw/pending_loads.py). The models read it, so a build
does as much as there is to do, whatever order loads arrive in and whatever the clocks say.

dbt makes a table, and keeps the MERGE that brings it up to date in `raw_servicetitan.kept_merges`; from then
on a build runs that statement, which takes no start of dbt. A model whose files changed (an upgrade of the
product) is run by dbt again with all loads of its entity pending, so that a new column is filled for every
row at the next sync. So is one whose kept statement fails, for instance because somebody dropped a column.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from psycopg2.extensions import connection as Connection

from servicetitan_mirror.entities import ENTITIES, PUBLISHED, Entity
from servicetitan_mirror.invocation import command
from servicetitan_mirror.postgres.refusals import explain
from servicetitan_mirror.postgres.warehouse import LOCK_SPACE, RAW, Warehouse, query, transaction
from servicetitan_mirror.raw import pending_loads
from servicetitan_mirror.raw.pending_loads import Load
from servicetitan_mirror.tables.project import Project
from servicetitan_mirror.tables.underway import Underway

AT_ONCE = 3  # tables that are brought up to date, at most


@dataclass(frozen=True)
class Ready:
    """What may be built while other lists are still being read.

    Attributes:
        entities: names of entities; a table is built when all that it reads are among them.
        loads: the loads of this sync of which every row has landed.
    """

    entities: frozenset[str] = frozenset()
    loads: frozenset[Load] = frozenset()


class Transformer:
    """Builds models of the dbt project below `root`; `underway` knows those that are being built."""

    def __init__(self, warehouse: Warehouse, root: Path, underway: Underway | None = None) -> None:
        self._underway = underway or Underway()
        self._warehouse = warehouse
        self._project = Project(warehouse, root)
        tables = (entity.table for entity in PUBLISHED)  # a view shows what is new by itself
        self._tables = [name for name in tables if name in self._project.models]
        self._built: dict[str, frozenset[Load]] = {}
        self._ended: dict[str, float] = {}
        self._failures: dict[str, Failure] = {}

    def outdated(self, connection: Connection) -> set[str]:
        """Models that are not there or were built from other files than the project's present ones."""
        built = dict(query(connection, f"select model, files from {RAW}.built_models"))
        rows = query(connection, "select relname from pg_class where relnamespace = 'public'::regnamespace")
        there = {name for (name,) in rows}
        models = self._project.models.values()
        return {model.name for model in models if built.get(model.name) != model.digest or model.name not in there}

    def build(self, connection: Connection, tenant_id: int, ready: Ready | None = None) -> list[Failure]:
        """Bring every table up to date that has pending loads, then forget those loads.

        While other lists are still being read, `ready` says what may be built, besides outdated models. A load that
        was built then, but not into all tables that read it, stays pending until the build after the last list.

        Returns:
            The models that could not be built, by this and the earlier builds of this transformer.
        """
        with _alone(connection):
            if ready is not None:
                self._make_first_tables(connection)
            outdated = self.outdated(connection) - self._failures.keys()
            due = self._due(connection, tenant_id, ready)
            for_dbt = outdated | self._merge([model for model in due if model not in outdated])
            if for_dbt:
                for_dbt |= self._failures.keys()  # what they lacked may be built now
                self._mark_all_pending(connection, for_dbt)
                due |= self._due(connection, tenant_id, ready)
                self._run(connection, sorted(for_dbt))
            self._built |= due
            self._remove_built(connection, tenant_id)
        return list(self._failures.values())

    def _make_first_tables(self, connection: Connection) -> None:
        """Where nothing was ever built, have dbt make the tables empty.

        What has landed by then is pending and goes in by the merges, with what lands meanwhile: dbt would write it
        too, and everything twice.
        """
        if not self._failures and query(connection, f"select from {RAW}.built_models limit 1") == []:
            models = self.outdated(connection)
            self._mark_all_pending(connection, models)
            self._run(connection, sorted(models), empty=True)

    def unbuilt(self, connection: Connection, tenant_id: int) -> set[str]:
        """The entities of which something is still to be built, into whatever table."""
        outdated = self.outdated(connection)
        sources = (model.sources for name, model in self._project.models.items() if name in outdated)
        pending = {entity for entity, _ in pending_loads.due(connection, tenant_id)}
        return pending.union(*sources)

    def built_at(self, entity: Entity) -> float:
        """When the last of the tables that read the entity was built, by the monotonic clock; 0 if none was."""
        readers = (name for name in self._tables if entity.name in self._project.models[name].sources)
        return max((self._ended.get(name, 0.0) for name in readers), default=0.0)

    def compare(self, connection: Connection, tenant_id: int, entity: Entity) -> None:
        """Make pending again what has landed and is not in its table as it landed: somebody emptied it, or lost it."""
        name = entity.table
        if name not in self._tables or query(connection, "select to_regclass(%s)", (f"public.{name}",)) == [(None,)]:
            return
        pending_loads.announce_missing(connection, tenant_id, entity)

    def rebuild(self, connection: Connection, tenant_id: int, entities: Iterable[str]) -> list[Failure]:
        """Build every row of the entities' tables again from what has landed; returns what could not be built."""
        self._mark_all_pending(connection, {f"st_{entity}" for entity in entities})
        return self.build(connection, tenant_id)

    def _due(self, connection: Connection, tenant_id: int, ready: Ready | None) -> dict[str, frozenset[Load]]:
        """The tables with loads that were not built into them, each with all pending loads of what it reads."""
        pending = [load for load in pending_loads.due(connection, tenant_id) if not ready or load in ready.loads]
        due = {}
        for name in self._tables:
            sources = self._project.models[name].sources
            loads = frozenset(load for load in pending if load[0] in sources)
            if not loads <= self._built.get(name, frozenset()) and (not ready or sources <= ready.entities):
                due[name] = loads
        return due

    def _mark_all_pending(self, connection: Connection, models: Collection[str]) -> None:
        for entity in ENTITIES:
            if entity.table in models:
                pending_loads.announce_all(connection, entity)

    def _merge(self, models: Collection[str]) -> set[str]:
        """Run the models' kept statements, some at once; returns those that dbt has to run instead.

        None of them on the connection that holds the lock: a statement may outlive its process, a lock must not.
        """
        left = iter(models)
        with ExitStack() as opened, ThreadPoolExecutor(AT_ONCE) as pool:
            connections = [
                opened.enter_context(closing(self._warehouse.connect("servicetitan build")))
                for _ in range(min(len(models), AT_ONCE, self._warehouse.at_once))
            ]
            each = pool.map(lambda own: {model for model in left if not self._merged(own, model)}, connections)
            return set().union(*each)

    def _merged(self, connection: Connection, model: str) -> bool:
        with self._underway.building([model]):
            try:
                merged = _merge(connection, model)
                self._ended[model] = time.monotonic()
                return merged
            except psycopg2.OperationalError as error:  # not the statement's fault, so dbt would not help
                if connection.closed:
                    raise
                why = explain(error, f"build {model}", connection)
                self._failures[model] = Failure(model, self._project.models[model].sources, why)
                return True

    def _run(self, connection: Connection, models: Collection[str], empty: bool = False) -> None:
        with self._underway.building(models) as ended:

            def done(model: str) -> None:
                self._ended[model] = time.monotonic()
                ended(model)

            failed = self._project.run(models, done, empty)
        for model in models:
            if model in failed:
                self._failures[model] = Failure(model, self._project.models[model].sources, failed[model])
            else:
                self._failures.pop(model, None)
                query(connection, _BUILT, (model, self._project.models[model].digest))

    def _remove_built(self, connection: Connection, tenant_id: int) -> None:
        """Forget the pending loads that were built into every table that reads them."""
        built = [load for load in pending_loads.due(connection, tenant_id) if self._is_built(load)]
        pending_loads.remove(connection, tenant_id, built)

    def _is_built(self, load: Load) -> bool:
        readers = (name for name in self._tables if load[0] in self._project.models[name].sources)
        return all(load in self._built.get(name, ()) and name not in self._failures for name in readers)


@dataclass(frozen=True)
class Failure:
    """A model that could not be built, the entities it reads, and why: no value of any row."""

    model: str
    entities: frozenset[str]
    why: str

    def __str__(self) -> str:
        by_hand = command("dbt", "build", "--select", self.model)
        said = f"{self.model} could not be built: {self.why} What landed is kept and built by the next sync."
        return f"{said} By hand: {by_hand}"


def _merge(connection: Connection, model: str) -> bool:
    rows = query(connection, f"select statement from {RAW}.kept_merges where model = %s", (model,))
    try:
        for (statement,) in rows:
            with transaction(connection):
                query(connection, statement)
    except (psycopg2.OperationalError, psycopg2.InterfaceError):
        raise
    except psycopg2.Error:
        return False
    return bool(rows)


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """One build at a time: tenants share the tables."""
    patiently = "where set_config('lock_timeout', '0', true) = '0'"  # for a build of another tenant, however long
    query(connection, f"select pg_advisory_lock(%s, 0) {patiently}", (LOCK_SPACE,))
    try:
        yield
    finally:
        query(connection, "select pg_advisory_unlock(%s, 0)", (LOCK_SPACE,))


_BUILT = f"""
insert into {RAW}.built_models values (%s, %s)
on conflict (model) do update set files = excluded.files where built_models.files <> excluded.files
"""

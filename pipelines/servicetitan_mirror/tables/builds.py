"""Builds the st_* tables from what has landed and was not built yet.

Which loads those are stands in `raw_servicetitan.pending_loads` (raw/pending_loads.py). The models read it, so a build
does as much as there is to do, whatever order loads arrive in and whatever the clocks say.

dbt makes a table; from then on a build runs the merge that dbt has kept (kept_merges.py), which takes no start of dbt.
A model whose files changed (an upgrade of the product) is run by dbt again with all loads of its entity pending, so
that a new column is filled for every row at the next sync. So is one whose kept statement fails, for instance because
somebody dropped a column.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg2
from psycopg2.extensions import connection as Connection

from servicetitan_mirror.entities import BY_NAME, ENTITIES, PUBLISHED, Entity
from servicetitan_mirror.postgres.refusals import explain
from servicetitan_mirror.postgres.warehouse import Warehouse, query
from servicetitan_mirror.raw import distribution, pending_loads
from servicetitan_mirror.raw.pending_loads import Load
from servicetitan_mirror.tables import built_models, downstream, kept_merges, locks
from servicetitan_mirror.tables.failure import Failure
from servicetitan_mirror.tables.lineage import Lineage, Node
from servicetitan_mirror.tables.project import Project
from servicetitan_mirror.tables.underway import Underway


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
    """Builds models of the dbt project below `root`, those of optional `lists` among them.

    `underway` knows those that are being built.
    """

    def __init__(
        self, warehouse: Warehouse, root: Path, underway: Underway | None = None, lists: Sequence[str] = ()
    ) -> None:
        self._underway = underway or Underway()
        self._warehouse = warehouse
        self._project = Project(warehouse, root, lists)
        self._known: Lineage | None = None
        self._built: dict[str, frozenset[Load]] = {}
        self._ended: dict[str, float] = {}
        self._failures: dict[str, Failure] = {}

    def needs_dbt(self, connection: Connection) -> bool:
        """Whether dbt has to be started, to parse the project or to build a model."""
        self._known = self._known or self._project.kept(connection)
        return self._known is None or bool(built_models.outdated(connection, self._known.ours))

    def build(self, connection: Connection, tenant_id: int, ready: Ready | None = None) -> list[Failure]:
        """Bring every table up to date that has pending loads, then forget those loads.

        While other lists are still being read, `ready` says what may be built, besides outdated models. A load that
        was built then, but not into all tables that read it, stays pending until the build after the last list.

        Returns:
            The models that could not be built, by this and the earlier builds of this transformer.
        """
        with locks.together(connection):
            refused = self._merge(connection, tenant_id, ready)
        if refused or not self._models:
            with locks.alone(connection):
                if not self._lineage(connection).ours:
                    return [Failure("models/servicetitan", frozenset(BY_NAME), str(self._lineage(connection).problem))]
                made = ready is not None and self._make_first_tables(connection)
                if not made:
                    self._build_by_dbt(connection, tenant_id, ready)
            if made:
                return self.build(connection, tenant_id, ready)
        self._remove_built(connection, tenant_id)
        return list(self._failures.values())

    def _merge(self, connection: Connection, tenant_id: int, ready: Ready | None) -> set[str]:
        """Merge into the tables what is due of the tenant; returns those that dbt has to build."""
        self._known = self._known or self._project.kept(connection)
        outdated = built_models.outdated(connection, self._models) - self._failures.keys()
        due = self._due(connection, tenant_id, ready)
        mergeable = [model for model in due if model not in outdated]
        refused = outdated | kept_merges.run_all(self._warehouse, mergeable, partial(self._merge_one, tenant_id))
        self._built |= {model: loads for model, loads in due.items() if model not in refused}
        return refused

    def _build_by_dbt(self, connection: Connection, tenant_id: int, ready: Ready | None) -> None:
        """Have dbt build the tables that cannot be merged into, for all tenants."""
        if refused := self._merge(connection, tenant_id, ready):  # another tenant's sync may have built some meanwhile
            refused |= self._failures.keys()  # what they lacked may be built now
            due = self._due(connection, tenant_id, ready)
            self._mark_all_pending(connection, refused)
            due |= self._due(connection, tenant_id, ready)
            self._run(connection, sorted(refused))
            if distribution.made(connection) != "none":  # then dbt makes the tables and writes no row
                made = [model for model in due if model not in self._failures]
                kept_merges.run_all(self._warehouse, made, partial(self._merge_one, tenant_id, is_last=True))
            self._built |= due

    def _make_first_tables(self, connection: Connection) -> bool:
        """Where nothing was ever built, have dbt make the tables empty, and the views that read them.

        What has landed by then is pending and goes in by the merges, with what lands meanwhile: dbt would write it
        too, and everything twice.
        """
        if self._failures or built_models.known(connection):
            return False
        models = built_models.outdated(connection, self._models)
        self._mark_all_pending(connection, models)
        self._run(connection, sorted(models), downstream.views(connection, self._lineage(connection)))
        return True

    def unbuilt(self, connection: Connection, tenant_id: int) -> set[str]:
        """The entities of which something is still to be built, into whatever table."""
        if not self._known:
            return set(BY_NAME)
        outdated = built_models.outdated(connection, self._models)
        sources = (self._entities(name) for name in outdated)
        pending = {entity for entity, _ in pending_loads.due(connection, tenant_id)}
        return pending.union(*sources)

    def built_at(self, entity: Entity) -> float:
        """When the last of the tables that read the entity was built, by the monotonic clock; 0 if none was."""
        return max((self._ended.get(name, 0.0) for name in self._readers(entity.name)), default=0.0)

    def compare(self, connection: Connection, tenant_id: int, entity: Entity) -> None:
        """Make pending again what has landed and is not in its table as it landed: somebody emptied it, or lost it."""
        if not entity.companion_of and query(connection, _IS_THERE, (f"public.{entity.table}",)) == [(True,)]:
            pending_loads.announce_missing(connection, tenant_id, entity)

    def rebuild(self, connection: Connection, tenant_id: int, entities: Iterable[str]) -> list[Failure]:
        """Build the tenant's rows of the entities' tables again from what has landed; returns what was not built."""
        try:
            self._mark_all_pending(connection, {f"st_{entity}" for entity in entities}, tenant_id)
            return self.build(connection, tenant_id)
        finally:
            self.close()

    def build_downstream(self, connection: Connection) -> dict[str, str] | None:
        """Run what the user has built on the tables, where they changed; see `downstream`."""
        lineage = self._lineage(connection)
        if downstream.is_up_to_date(connection, lineage):
            return None
        with locks.downstream(connection):
            return downstream.bring_up_to_date(connection, self._project, lineage, self._underway)

    def close(self) -> None:
        """End dbt's process, if one was needed."""
        self._project.close()

    def _lineage(self, connection: Connection) -> Lineage:
        self._known = self._known or self._project.kept(connection)
        if not self._known:
            with locks.alone(connection), self._underway.building(table.table for table in PUBLISHED):
                self._known = self._project.kept(connection) or self._project.parse(connection)
        return self._known

    @property
    def _models(self) -> Mapping[str, Node]:
        return self._known.ours if self._known else {}

    @property
    def _tables(self) -> list[str]:
        """The tables that dbt has a model of, in the order in which they are published."""
        return [entity.table for entity in ENTITIES if entity.table in self._models]

    def _entities(self, model: str) -> frozenset[str]:
        return self._known.entities[model] if self._known else frozenset()

    def _readers(self, entity: str) -> list[str]:
        """The tables that read the entity, without views, which show what is new by themselves."""
        return [name for name in self._tables if entity in self._entities(name)]

    def _due(self, connection: Connection, tenant_id: int, ready: Ready | None) -> dict[str, frozenset[Load]]:
        """The tables with loads that were not built into them, each with all pending loads of what it reads."""
        pending = [load for load in pending_loads.due(connection, tenant_id) if not ready or load in ready.loads]
        due = {}
        for name in self._tables:
            sources = self._entities(name)
            loads = frozenset(load for load in pending if load[0] in sources)
            if not loads <= self._built.get(name, frozenset()) and (not ready or sources <= ready.entities):
                due[name] = loads
        return due

    def _mark_all_pending(self, connection: Connection, models: Collection[str], tenant_id: int | None = None) -> None:
        for entity in ENTITIES:
            if entity.table in models:
                pending_loads.announce_all(connection, entity, tenant_id)

    def _merge_one(self, tenant_id: int, connection: Connection, model: str, is_last: bool = False) -> bool:
        """Merge into one table; False where dbt has to run it, unless it just did."""
        with self._underway.building([model]):
            try:
                merged = kept_merges.run(connection, model, tenant_id)
                self._ended[model] = time.monotonic()
                return merged
            except psycopg2.Error as error:
                if connection.closed:
                    raise
                if not is_last and not isinstance(error, psycopg2.OperationalError):
                    return False
                why = explain(error, f"build {model}", connection)  # not the statement's fault, so dbt would not help
                self._failures[model] = Failure(model, self._entities(model), why)
                return True

    def _run(self, connection: Connection, models: Collection[str], first: Sequence[Node] | None = None) -> None:
        """Have dbt run our models; where these are made first, and empty, together with views of the user's."""
        ((began,),) = query(connection, "select clock_timestamp()")
        with self._underway.building(models) as ended:

            def done(model: str) -> None:
                self._ended[model] = time.monotonic()
                ended(model)

            nodes = [self._models[model] for model in models]
            failed = self._project.run([*nodes, *(first or ())], done, empty=first is not None)
        for node in first or ():
            built_models.note_ran(connection, node, began, failed.get(node.id))
        for node in nodes:
            if node.id in failed:
                self._failures[node.name] = Failure(node.name, self._entities(node.name), failed[node.id])
            else:
                self._failures.pop(node.name, None)
                built_models.note_built(connection, node.name, node.digest)
        if not downstream.is_due(connection, self._lineage(connection)):
            self.close()  # nothing else is left for it to do

    def _remove_built(self, connection: Connection, tenant_id: int) -> None:
        """Forget the pending loads that were built into every table that reads them."""
        built = [load for load in pending_loads.due(connection, tenant_id) if self._is_built(load)]
        pending_loads.remove(connection, tenant_id, built)

    def _is_built(self, load: Load) -> bool:
        readers = self._readers(load[0])
        return all(load in self._built.get(name, ()) and name not in self._failures for name in readers)


_IS_THERE = "select to_regclass(%s) is not null"

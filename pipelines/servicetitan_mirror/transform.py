"""dbt in process: builds the st_* tables from what has landed and was not built yet.

`raw_servicetitan.pending_loads` names, per entity, the loads whose rows a model has still to write. The
models read it, so a build does as much as there is to do, whatever order loads arrive in and whatever the
clocks say. A model whose files changed (an upgrade of the product) gets all loads of its entity pending, so
that a new column is filled for every row at the next sync.
"""

from __future__ import annotations

import getpass
import hashlib
import os
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import yaml
from psycopg2.extensions import connection as Connection

from servicetitan_mirror.entities import ENTITIES
from servicetitan_mirror.errors import TransformError
from servicetitan_mirror.warehouse import LOCK_SPACE, RAW, WORKING_FOLDER, Warehouse, query

PROFILE = "servicetitan_mirror"
TABLES = {f"st_{entity.name}" for entity in ENTITIES}
Load = tuple[str, str]  # entity and load id


class Transformer:
    """Builds models of the dbt project below `root`."""

    def __init__(self, warehouse: Warehouse, root: Path) -> None:
        self._warehouse = warehouse
        self._root = root
        self._project = root / "dbt_project"
        self._working_folder = root / WORKING_FOLDER / "dbt"
        self._sources = {path.stem: _sources(path) for path in sorted(self._project.glob("models/**/*.sql"))}
        self._built: dict[str, frozenset[Load]] = {}
        self._failures: dict[str, Failure] = {}

    def build(self, connection: Connection, tenant_id: int, settled: Collection[str] | None = None) -> list[Failure]:
        """Build what is pending; what was built is pending no more.

        While other lists are still being read, `settled` names the entities that are not: only the models that
        read nothing else are built, and stay pending until the build that comes after all of them.

        Returns:
            The models that could not be built, by this and the earlier builds of this transformer.

        Raises:
            TransformError: dbt itself did not run.
        """
        query(connection, "select pg_advisory_lock(%s, 0)", (LOCK_SPACE,))  # tenants share the tables
        try:
            due = self._due(connection, tenant_id)
            if settled is not None:
                due = {model: loads for model, loads in due.items() if self._sources[model] <= {*settled}}
            if due:
                self._failures |= self._run(sorted(due))
                self._built |= due
            if settled is None:
                self._settle(connection, tenant_id)
            return list(self._failures.values())
        finally:
            query(connection, "select pg_advisory_unlock(%s, 0)", (LOCK_SPACE,))

    def _due(self, connection: Connection, tenant_id: int) -> dict[str, frozenset[Load]]:
        """The models to build, each with the pending loads of what it reads."""
        outdated = [model for model in self._outdated(connection) if model not in self._built]
        self._mark_all_pending(connection, outdated)
        pending = self._pending(connection, tenant_id)
        loads = {
            model: frozenset(load for load in pending if load[0] in sources)
            for model, sources in self._sources.items()
            if model in TABLES  # a view shows what is new by itself
        }
        new = {model for model, found in loads.items() if not found <= self._built.get(model, frozenset())}
        return {model: loads.get(model, frozenset()) for model in new.union(outdated)}

    def rebuild(self, connection: Connection, tenant_id: int, entities: Iterable[str]) -> list[Failure]:
        """Build every row of the entities' tables again from what has landed; returns what could not be built."""
        self._mark_all_pending(connection, {f"st_{entity}" for entity in entities})
        return self.build(connection, tenant_id)

    def _outdated(self, connection: Connection) -> list[str]:
        """Models that are not there or were built from other files than the project's present ones."""
        built = dict(query(connection, f"select model, files from {RAW}.built_models"))
        rows = query(connection, "select relname from pg_class where relnamespace = 'public'::regnamespace")
        there = {name for (name,) in rows}
        return [model for model, files in self._models().items() if built.get(model) != files or model not in there]

    def _models(self) -> dict[str, str]:
        """Each model's name and the digest of all files that decide how it is built."""
        shared = [self._project / "dbt_project.yml", *sorted(self._project.glob("macros/**/*.sql"))]
        common = b"".join(path.read_bytes() for path in shared)
        return {
            path.stem: hashlib.sha256(common + path.read_bytes() + path.with_suffix(".yml").read_bytes()).hexdigest()
            for path in sorted(self._project.glob("models/**/*.sql"))
        }

    def _mark_all_pending(self, connection: Connection, models: Collection[str]) -> None:
        for entity in ENTITIES:
            if f"st_{entity.name}" in models:
                query(
                    connection,
                    f"""
                    insert into {RAW}.pending_loads (tenant_id, entity, load_id)
                    select distinct tenant_id, %s, _dlt_load_id from {RAW}.{entity.name} on conflict do nothing
                    """,
                    (entity.name,),
                )

    def _pending(self, connection: Connection, tenant_id: int) -> list[Load]:
        return query(connection, f"select entity, load_id from {RAW}.pending_loads where tenant_id = %s", (tenant_id,))

    def _run(self, models: Iterable[str]) -> dict[str, Failure]:
        """Run the models; returns those that failed."""
        from dbt.cli.main import dbtRunner  # a second of imports that an idle sync does not need

        folder = self._warehouse.folder(self._root)  # not `root`, whose profile a sync into another database replaces
        folder.mkdir(parents=True, exist_ok=True)
        write_profile(self._warehouse, folder)
        write_profile(self._warehouse, self._root)
        arguments = ["run", "--project-dir", str(self._project), "--profiles-dir", str(folder)]
        arguments += ["--target-path", str(self._working_folder)]  # two dbt processes must not share one
        arguments += ["--quiet", "--log-level", "none", "--log-level-file", "none"]
        arguments += ["--select", *models]
        result = dbtRunner().invoke(arguments)
        nodes = getattr(result.result, "results", None)
        if not nodes:
            raise TransformError(f"dbt did not run ({type(result.exception).__name__}). {BY_HAND} st_customers")
        failed = [node.node.name for node in nodes if node.status not in ("success", "pass")]
        return {model: Failure(model, self._sources[model]) for model in failed}

    def _settle(self, connection: Connection, tenant_id: int) -> None:
        unbuilt = sorted({entity for failure in self._failures.values() for entity in failure.entities})
        query(
            connection,
            f"delete from {RAW}.pending_loads where tenant_id = %s and not entity = any(%s)",
            (tenant_id, unbuilt),
        )
        for model, files in self._models().items():
            if model in self._built and model not in self._failures:
                query(connection, _BUILT, (model, files))


@dataclass(frozen=True)
class Failure:
    """A model that could not be built, and the entities it reads."""

    model: str
    entities: frozenset[str]

    def __str__(self) -> str:
        return (
            f"{self.model} could not be built; what landed is kept and built by the next sync. {BY_HAND} {self.model}"
        )


def failed_records(connection: Connection, tenant_id: int, since: datetime) -> dict[str, int]:
    """Per entity, how many records a build since then met with a value that cannot be converted."""
    rows = query(
        connection,
        f"""
        select module, count(distinct (entity_type, st_id)) from {RAW}.sync_failures
        where tenant_id = %s and last_seen_at >= %s group by module
        """,
        (tenant_id, since),
    )
    return dict(rows)


def write_profile(warehouse: Warehouse, root: Path) -> None:
    """Write `profiles.yml` where dbt looks for it, so that dbt works by hand too.

    The password is not in it: dbt takes it from PGPASSWORD, libpq from a password file.
    """
    parts = warehouse.parameters
    if parts.get("password"):
        os.environ["PGPASSWORD"] = parts["password"]
    output = {
        "type": "postgres",
        "host": parts.get("host", "localhost"),
        "port": int(parts.get("port", 5432)),
        "user": parts.get("user", getpass.getuser()),
        "password": "{{ env_var('PGPASSWORD', '') }}",
        "dbname": parts["dbname"],
        "schema": "public",
        "threads": 4,
    } | {key: parts[key] for key in ("sslmode", "sslrootcert", "sslcert", "sslkey") if key in parts}
    text = yaml.safe_dump({PROFILE: {"target": "mirror", "outputs": {"mirror": output}}}, sort_keys=False)
    path = root / "profiles.yml"
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
        path.chmod(0o600)


def _sources(path: Path) -> frozenset[str]:
    """The entities that a model shows: those it names or refers to, and tag_types where it shows tags."""
    text = path.read_text()
    named = (entity.name for entity in ENTITIES if re.search(rf"'(st_)?{entity.name}'", text))
    return frozenset([*named, *(["tag_types"] if "tagged=true" in text else [])])


BY_HAND = "To see why: dbt build --project-dir dbt_project --select"
_BUILT = f"""
insert into {RAW}.built_models values (%s, %s)
on conflict (model) do update set files = excluded.files where built_models.files <> excluded.files
"""

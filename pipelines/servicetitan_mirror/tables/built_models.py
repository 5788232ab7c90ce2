"""What was built, of which files and when: the only place that reads or writes `raw_servicetitan.built_models`.

The product's models stand in it by name, with the moment at which rows of theirs last changed; those of the user by
dbt's unique id, with the moment before their last run and why it failed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from psycopg2.extensions import connection as Connection

from servicetitan_mirror.postgres.warehouse import RAW, query
from servicetitan_mirror.tables.lineage import Node


@dataclass(frozen=True)
class Built:
    """The digest of what a model was built of; `at` is when it changed or, of a user's model, when it began to run."""

    digest: str
    at: datetime | None
    problem: str | None


def known(connection: Connection) -> dict[str, Built]:
    """Everything that was ever built, by name or id."""
    rows = query(connection, f"select model, files, changed_at, problem from {RAW}.built_models")
    return {model: Built(*built) for model, *built in rows}


def outdated(connection: Connection, models: Mapping[str, Node]) -> set[str]:
    """The product's models that are not there, or were built of something else than the project's present files."""
    built, relations = known(connection), there(connection, models.values())
    return {
        name
        for name, node in models.items()
        if name not in built or built[name].digest != node.digest or node.id not in relations
    }


def there(connection: Connection, nodes: Collection[Node]) -> set[str]:
    """The ids of the nodes whose table or view exists, in whichever case: dbt may be told not to quote names."""
    schemas = list({node.schema.lower() for node in nodes})
    rows = query(connection, _RELATIONS, (schemas,)) if schemas else []
    return {node.id for node in nodes if (node.schema.lower(), node.relation.lower()) in rows}


def note_built(connection: Connection, name: str, digest: str) -> None:
    """A model of the product was built by dbt."""
    query(connection, _BUILT, {"model": name, "digest": digest, "at": None, "problem": None})


def note_changed(connection: Connection, name: str) -> None:
    """Rows of a model of the product changed: in the transaction that changes them, so that no crash hides it."""
    query(connection, f"update {RAW}.built_models set changed_at = clock_timestamp() where model = %s", (name,))


def note_ran(connection: Connection, node: Node, began: datetime, problem: str | None) -> None:
    """A node of the user's ran; `began` is a moment of PostgreSQL's clock, before it read a row."""
    query(connection, _BUILT, {"model": node.id, "digest": node.digest, "at": began, "problem": problem})


def forget(connection: Connection, ids: Collection[str]) -> None:
    """Nodes that are in the project no more."""
    query(connection, f"delete from {RAW}.built_models where model = any (%s)", (list(ids),))


_RELATIONS = """
select lower(nspname), lower(relname) from pg_class join pg_namespace on pg_namespace.oid = relnamespace
where lower(nspname) = any (%s)
"""
_BUILT = f"""
insert into {RAW}.built_models (model, files, changed_at, problem)
values (%(model)s, %(digest)s, coalesce(%(at)s, clock_timestamp()), %(problem)s)
on conflict (model) do update
set files = excluded.files, changed_at = excluded.changed_at, problem = excluded.problem
"""

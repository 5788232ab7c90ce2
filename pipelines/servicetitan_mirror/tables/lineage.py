"""What dbt's manifest says of the project: its models, what each reads, and of which files it is made.

To parse the project takes dbt three seconds, so what it said is kept in `raw_servicetitan.dbt_lineage` under the digest
of all files of the project, and read again by whoever finds the same files, in a fresh container too.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from graphlib import TopologicalSorter
from typing import Any

from psycopg2.extensions import connection as Connection

from servicetitan_mirror.entities import BY_NAME
from servicetitan_mirror.postgres.warehouse import RAW, query
from servicetitan_mirror.raw.tables import FUNCTIONS

OURS = re.compile(r"(models|optional/\w+)/servicetitan/")  # the product's models; all others are the user's
SOURCE = "servicetitan"
BUILT = ("model", "snapshot", "seed")


@dataclass(frozen=True)
class Node:
    """A model, snapshot or seed.

    Attributes:
        id: dbt's unique id, `model.servicetitan_mirror.st_jobs`.
        fqn: by which dbt selects it and nothing else.
        is_ours: the product's own.
        digest: of all that decides how it is built.
        parents: the ids of nodes that it reads.
        entities: the landed entities that it reads itself.
    """

    id: str
    name: str
    fqn: str
    is_ours: bool
    materialized: str
    schema: str
    relation: str
    digest: str
    parents: tuple[str, ...]
    entities: tuple[str, ...]


@dataclass(frozen=True)
class Lineage:
    """The nodes, ours first, each after those that it reads; `problem` says why there are only ours."""

    nodes: tuple[Node, ...]
    problem: str | None = None

    @cached_property
    def ours(self) -> dict[str, Node]:
        """The product's models, by name."""
        return {node.name: node for node in self.nodes if node.is_ours}

    @cached_property
    def entities(self) -> dict[str, frozenset[str]]:
        """By name of our models, the entities that it shows: of a view, those of the tables that it joins."""
        by_id = {node.id: node for node in self.nodes}
        shown = {}
        for node in self.ours.values():
            read = (by_id[parent].name.removeprefix("st_") for parent in node.parents if parent in by_id)
            shown[node.name] = frozenset([*node.entities, *(name for name in read if name in BY_NAME)])
        return shown

    def reads(self, node: Node) -> frozenset[str]:
        """The ids of what a user's node reads; in place of a landed table, of our table that shows it."""
        tables = (f"st_{BY_NAME[name].companion_of or name}" for name in node.entities)
        return frozenset([*node.parents, *(self.ours[table].id for table in tables if table in self.ours)])

    @cached_property
    def downstream(self) -> tuple[Node, ...]:
        """The user's nodes that read one of ours, at whatever distance, and whatever else these read."""
        below = {node.id for node in self.nodes if node.is_ours}
        for node in self.nodes:
            if below & self.reads(node):
                below.add(node.id)
        needed = {node.id for node in self.nodes if node.id in below and not node.is_ours}
        for node in reversed(self.nodes):
            if node.id in needed:
                needed.update(node.parents)
        return tuple(node for node in self.nodes if node.id in needed and not node.is_ours)


def of_manifest(manifest: Any) -> list[dict[str, Any]]:
    """The nodes of dbt's manifest, as they are sent and kept.

    Raises:
        graphlib.CycleError: some read each other, which dbt would find when it is to run any.
    """
    nodes = {key: node for key, node in manifest.nodes.items() if node.resource_type in BUILT}
    reads = {key: [parent for parent in _depends_on(nodes[key]) if parent in nodes] for key in sorted(nodes)}
    in_order = TopologicalSorter(reads).static_order()
    digests: dict[str, str] = {}
    found = []
    for key in sorted(in_order, key=lambda key: not _is_ours(manifest, nodes[key])):
        node, parents = nodes[key], reads[key]
        merged_in = [digests[parent] for parent in parents if nodes[parent].config.materialized == "ephemeral"]
        digests[key] = _digest(manifest, node, merged_in)
        sources = (manifest.sources.get(parent) for parent in _depends_on(node))
        entities = sorted({read.name for read in sources if read and read.source_name == SOURCE} & BY_NAME.keys())
        described = Node(
            key,
            node.name,
            ".".join(node.fqn),
            _is_ours(manifest, node),
            node.config.materialized or "",
            node.schema,
            node.alias,
            digests[key],
            tuple(parents),
            tuple(entities),
        )
        found.append(asdict(described))
    return found


def read(nodes: Iterable[dict[str, Any]], problem: str | None = None) -> Lineage:
    """The lineage of what `of_manifest` has found."""
    lists = ({**node, "parents": tuple(node["parents"]), "entities": tuple(node["entities"])} for node in nodes)
    return Lineage(tuple(Node(**node) for node in lists), problem)


def kept(connection: Connection, files: str) -> Lineage | None:
    """The lineage that is kept of these files."""
    rows = query(connection, f"select nodes, problem from {RAW}.dbt_lineage where files = %s", (files,))
    return next((read(nodes, problem) for nodes, problem in rows), None)


def last_kept(connection: Connection, problem: str) -> Lineage:
    """Of files that dbt cannot read, what it said when it could: our models of then."""
    rows = query(connection, f"select nodes from {RAW}.dbt_lineage")
    return next((read([node for node in nodes if node["is_ours"]], problem) for (nodes,) in rows), read([], problem))


def keep(connection: Connection, files: str, lineage: Lineage) -> None:
    """Keep it, in place of the one before."""
    nodes = json.dumps([asdict(node) for node in lineage.nodes])
    query(connection, _KEEP, {"files": files, "nodes": nodes, "problem": lineage.problem})


def _depends_on(node: Any) -> list[str]:
    return getattr(node.depends_on, "nodes", [])  # a seed has none


def _is_ours(manifest: Any, node: Any) -> bool:
    own = node.package_name == manifest.metadata.project_name
    return bool(own and OURS.match(node.original_file_path.replace("\\", "/")))


def _digest(manifest: Any, node: Any, merged_in: list[str]) -> str:
    """Of the SQL, the configuration, the columns and the macros and functions that it uses; of a seed, of its rows."""
    columns = [column.to_dict(omit_none=True) for column in getattr(node, "columns", {}).values()]
    constraints = [constraint.to_dict(omit_none=True) for constraint in getattr(node, "constraints", [])]
    named = [node.schema, node.alias, node.description, node.config.to_dict(omit_none=True), columns, constraints]
    made_of = [node.raw_code, node.checksum.checksum, named, sorted(_macros(manifest, node)), merged_in]
    made_of += FUNCTIONS.values() if _is_ours(manifest, node) else []
    return hashlib.sha256(json.dumps(made_of, default=str, sort_keys=True).encode()).hexdigest()


def _macros(manifest: Any, node: Any) -> Iterator[str]:
    """The text of the macros that the node uses, dbt's own and the adapter's left out, which change with a version."""
    left, seen = [*getattr(node.depends_on, "macros", [])], set[str]()
    while left:
        key = left.pop()
        macro = manifest.macros.get(key)
        if macro and key not in seen:
            seen.add(key)
            left += macro.depends_on.macros
            if not macro.package_name.startswith("dbt"):
                yield f"{key}: {macro.macro_sql}"


_KEEP = f"""
with former as (delete from {RAW}.dbt_lineage where files <> %(files)s)
insert into {RAW}.dbt_lineage (files, nodes, problem) values (%(files)s, %(nodes)s, %(problem)s)
on conflict (files) do update set nodes = excluded.nodes, problem = excluded.problem
"""

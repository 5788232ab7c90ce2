"""What becomes an asset: each landed list and each node of the dbt project, with what it reads and shows.

The dbt project is known from the lineage that the mirror keeps in its database; before the first sync dbt reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from dagster import AssetKey

from orchestration.configured import chosen_by_any
from orchestration.names import landed, modelled
from servicetitan_mirror.config.loading import load_history
from servicetitan_mirror.entities import BY_NAME, Entity
from servicetitan_mirror.errors import MirrorError
from servicetitan_mirror.places import dbt_project
from servicetitan_mirror.postgres.warehouse import WORKING_FOLDER, Warehouse
from servicetitan_mirror.tables import optional
from servicetitan_mirror.tables.dbt_access import Dbt
from servicetitan_mirror.tables.lineage import Lineage, Node, read
from servicetitan_mirror.tables.project import MARTS, Project

BOOKKEEPING, OWN = "bookkeeping", "own_models"  # groups of what belongs to no part of the API


@dataclass(frozen=True)
class Part:
    """An asset.

    Attributes:
        entities: the lists whose records it shows, at whatever distance; of a landed one itself.
        reads: the assets that it is made from.
        group: the part of the API that it belongs to.
        kind: `landed`, or what dbt makes: `table`, `view` and the like.
        is_ours: whether the product brings it; else it is a model of the user's.
    """

    key: AssetKey
    entities: frozenset[str]
    reads: frozenset[AssetKey]
    group: str
    kind: str
    is_ours: bool = True


def parts(root: Path, warehouse: Warehouse) -> dict[AssetKey, Part]:
    """All assets, each after those that it reads."""
    entities = chosen_by_any()
    lists = optional.of(entities, root, load_history())
    return network(entities, _lineage(root, warehouse, lists))


def network(entities: Iterable[Entity], lineage: Lineage) -> dict[AssetKey, Part]:
    """The assets of these lists and of dbt's nodes."""
    found = {
        landed(entity.name): Part(
            landed(entity.name), frozenset([entity.name]), frozenset(), _group(entity.module), "landed"
        )
        for entity in entities
    }
    keys = {node.id: modelled(node.schema, node.relation) for node in lineage.nodes}
    for node in lineage.nodes:
        of_lists = {landed(name) for name in node.entities if landed(name) in found}
        reads = frozenset(of_lists | {keys[parent] for parent in node.parents if parent in keys})
        shown = frozenset(name for key in reads for name in found[key].entities)
        group = _group_of(node, reads, found)
        found[keys[node.id]] = Part(keys[node.id], shown, reads, group, node.materialized, _is_ours(node))
    return found


def _is_ours(node: Node) -> bool:
    """The lineage counts our marts among what is built after our tables, as a user's models are."""
    return node.is_ours or node.schema == MARTS


def _group_of(node: Node, reads: Iterable[AssetKey], found: Mapping[AssetKey, Part]) -> str:
    if not node.is_ours:
        return MARTS if node.schema == MARTS else OWN
    if entity := BY_NAME.get(node.name.removeprefix("st_")):
        return _group(entity.module)
    return min((found[key].group for key in reads), default=BOOKKEEPING)


def _group(module: str) -> str:
    return module.replace("-", "_")


def _lineage(root: Path, warehouse: Warehouse, lists: tuple[str, ...]) -> Lineage:
    with closing(warehouse.connect("servicetitan dagster")) as connection, suppress(psycopg2.Error):
        known = Project(warehouse, root, lists).kept(connection)
        if known:
            return known
    return _parsed(root, warehouse, lists)


def _parsed(root: Path, warehouse: Warehouse, lists: tuple[str, ...]) -> Lineage:
    folder, target = dbt_project(root), root / WORKING_FOLDER / "dagster-dbt"
    order = ["parse", "--project-dir", str(folder), "--profiles-dir", str(folder), "--target", "mirror"]
    order += ["--target-path", str(target), "--quiet", "--log-level", "none", "--log-level-file", "none"]
    with closing(Dbt(warehouse, lists)) as dbt:
        said = dbt.ask({"parse": order})
    if "nodes" not in said:
        raise MirrorError(f"dbt cannot read the project: {said.get('error')}")
    return read(said["nodes"])

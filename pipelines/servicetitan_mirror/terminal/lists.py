"""What `servicetitan entities` shows: the lists that are read, the scopes that they need, the columns of their tables.

It asks nobody: lists and scopes stand in entities.py, the columns in the YAML files of the dbt project.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console

from servicetitan_mirror.entities import BY_NAME, Entity
from servicetitan_mirror.operation.wording import many
from servicetitan_mirror.options import Options
from servicetitan_mirror.places import dbt_project
from servicetitan_mirror.terminal.screen import Column, console, table

LISTS = (
    Column("entity", text=True),
    Column("path", text=True),
    Column("scope", text=True),
    Column("table", text=True, spare=2),
    Column("columns", spare=1),
)
COLUMNS = (Column("column", text=True), Column("type", text=True))


@dataclass(frozen=True)
class Model:
    """A table: what one row is, and the type of each column."""

    table: str
    description: str
    columns: dict[str, str]


def run_entities(root: Path, names: Sequence[str], as_json: bool) -> None:
    """Show the named entities with their companions and their tables' columns, or all entities."""
    entities = Options(only=tuple(names)).entities
    models = {entity.name: _model(root, BY_NAME[entity.companion_of or entity.name]) for entity in entities}
    if as_json:
        print(json.dumps(_told(entities, models), indent=2))
    else:
        _print(console(sys.stdout), entities, models, details=bool(names))


def _model(root: Path, entity: Entity) -> Model:
    """As its YAML file describes it, which takes dbt seconds to say."""
    (path,) = (dbt_project(root) / "models" / "servicetitan").glob(f"*/{entity.table}.yml")
    said = yaml.load(path.read_text(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    (model,) = said["models"]
    columns = {column["name"]: column["data_type"] for column in model["columns"]}
    return Model(entity.table, model["description"], columns)


def _scopes(entities: Sequence[Entity]) -> list[str]:
    return sorted({endpoint.scope for entity in entities for endpoint in entity.endpoints})


def _print(screen: Console, entities: Sequence[Entity], models: dict[str, Model], details: bool) -> None:
    screen.print(table(screen, LISTS, _rows(entities, models)))
    scopes = _scopes(entities)
    screen.print(f"\n{many(len(scopes), 'scope')} that an app needs for them:", style="bold")
    screen.print(", ".join(scopes))
    for model in {model.table: model for model in models.values()}.values() if details else ():
        screen.print(f"\n{model.table}", style="bold")
        screen.print(model.description)
        screen.print(table(screen, COLUMNS, model.columns.items()))


def _rows(entities: Sequence[Entity], models: dict[str, Model]) -> Iterator[list[str]]:
    for entity in entities:
        model = models[entity.name]
        for endpoint in entity.endpoints:
            yield [entity.name, endpoint.path, endpoint.scope, model.table, str(len(model.columns))]


def _told(entities: Sequence[Entity], models: dict[str, Model]) -> dict[str, Any]:
    return {
        "scopes": _scopes(entities),
        "entities": [
            {
                "name": entity.name,
                "lists": [
                    {"path": endpoint.path, "scope": endpoint.scope, "owner": endpoint.owner, "feed": endpoint.feed}
                    for endpoint in entity.endpoints
                ],
                "companion_of": entity.companion_of,
                "table": models[entity.name].table,
                "description": models[entity.name].description,
                "columns": models[entity.name].columns,
            }
            for entity in entities
        ],
    }

"""What `servicetitan entities` shows: the lists, which are chosen, the scopes they need, the columns of their tables.

It asks nobody: lists and scopes stand in entities/, the columns in the YAML files of the dbt project. Which lists the
app may read says readable.py.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console

from servicetitan_mirror.config.loading import load_asked
from servicetitan_mirror.entities import BY_NAME, ENTITIES, Entity
from servicetitan_mirror.entities.choosing import chosen
from servicetitan_mirror.operation.wording import many
from servicetitan_mirror.places import dbt_project
from servicetitan_mirror.tables.optional import FOLDER
from servicetitan_mirror.terminal.screen import Column, console, table

LISTS = (
    Column("entity", text=True),
    Column("chosen", text=True, spare=4),
    Column("path", text=True),
    Column("scope", text=True),
    Column("kind", text=True, spare=3),
    Column("table", text=True, spare=2),
    Column("columns", spare=1),
)
COLUMNS = (Column("column", text=True), Column("type", text=True))
RAW = "raw"  # a list of which no model shows the records: they are read where they landed


@dataclass(frozen=True)
class Model:
    """A table: what one row is, and the type of each column."""

    table: str
    description: str = ""
    columns: dict[str, str] = field(default_factory=dict)


def run_entities(root: Path, names: Sequence[str], as_json: bool) -> None:
    """Show the named entities with their companions and their tables' columns, or all entities."""
    entities, asked = chosen(names) if names else ENTITIES, chosen(load_asked())
    models = {entity.name: _model(root, BY_NAME[entity.companion_of or entity.name]) for entity in entities}
    if as_json:
        print(json.dumps(_told(entities, asked, models), indent=2))
    else:
        _print(console(sys.stdout), entities, asked, models, details=bool(names))


def _model(root: Path, entity: Entity) -> Model:
    """As its YAML file describes it, which takes dbt seconds to say."""
    project = dbt_project(root)
    folder = project / "models" if entity.is_standard else project / FOLDER / entity.name
    path = next((folder / "servicetitan").glob(f"*/{entity.table}.yml"), None)
    if path is None:
        return Model(RAW)
    said = yaml.load(path.read_text(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    (model,) = said["models"]
    columns = {column["name"]: column["data_type"] for column in model["columns"]}
    return Model(entity.table, model["description"], columns)


def scopes(entities: Sequence[Entity]) -> list[str]:
    """The scopes that an app needs to read the entities."""
    return sorted({endpoint.scope for entity in entities for endpoint in entity.endpoints})


def _print(
    screen: Console,
    entities: Sequence[Entity],
    asked: Collection[Entity],
    models: dict[str, Model],
    details: bool,
) -> None:
    screen.print(table(screen, LISTS, _rows(entities, asked, models)))
    needed = scopes(entities if details else [entity for entity in entities if entity in asked])
    whose = "them" if details else "those that are chosen"
    screen.print(f"\n{many(len(needed), 'scope')} that an app needs for {whose}:", style="bold")
    screen.print(", ".join(needed))
    shown = {model.table: model for model in models.values() if model.columns}
    for model in shown.values() if details else ():
        screen.print(f"\n{model.table}", style="bold")
        screen.print(model.description)
        screen.print(table(screen, COLUMNS, model.columns.items()))


def _rows(entities: Sequence[Entity], asked: Collection[Entity], models: dict[str, Model]) -> Iterator[list[str]]:
    for entity in entities:
        model, mark = models[entity.name], "yes" if entity in asked else ""
        for each in entity.endpoints:
            columns = str(len(model.columns) or "")
            yield [entity.name, mark, each.path, each.scope, each.kind, model.table, columns]


def _told(entities: Sequence[Entity], asked: Collection[Entity], models: dict[str, Model]) -> dict[str, Any]:
    return {
        "scopes": scopes(entities),
        "entities": [
            {
                "name": entity.name,
                "chosen": entity in asked,
                "lists": [
                    {
                        "path": each.path,
                        "scope": each.scope,
                        "kind": each.kind,
                        "owner": each.owner,
                        "feed": each.feed,
                    }
                    for each in entity.endpoints
                ],
                "companion_of": entity.companion_of,
                "table": models[entity.name].table,
                "description": models[entity.name].description,
                "columns": models[entity.name].columns,
            }
            for entity in entities
        ],
    }

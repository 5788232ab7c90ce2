"""`servicetitan model`: a table for a list that comes without one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from servicetitan_mirror.config.loading import load_asked
from servicetitan_mirror.entities import BY_NAME, OPTIONAL, Entity
from servicetitan_mirror.entities.choosing import chosen, unknown
from servicetitan_mirror.modelling.files import there, write
from servicetitan_mirror.places import dbt_project


def run_model(root: Path, names: Sequence[str], overwrite: bool) -> None:
    """Write the models of the named lists, and say what to do next.

    Raises:
        click.UsageError: a name is none of a list, or of one that has its table anyway.
        ConfigurationError: nothing was written; see modelling/files.py.
    """
    entities = [_optional(root, name) for name in dict.fromkeys(names)]
    asked = load_asked()
    for path in write(root, entities, overwrite):
        click.echo(f"wrote {path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}")
    click.echo(_next(entities, asked))


def _optional(root: Path, name: str) -> Entity:
    entity = BY_NAME.get(name)
    if entity is None:
        known = there(dbt_project(root))
        without = ", ".join(each.name for each in OPTIONAL if each.table not in known)
        raise click.UsageError(f"{unknown(name)}. Without a table are: {without}.")
    if entity.is_standard:
        table = BY_NAME[entity.companion_of].table if entity.companion_of else entity.table
        raise click.UsageError(f"The records of {name} are in {table} already, which comes with the product.")
    return entity


def _next(entities: Sequence[Entity], asked: Sequence[str]) -> str:
    known = chosen(asked)
    missing = [entity.name for entity in entities if entity not in known]
    setting = f"entities = {json.dumps([*asked, *missing])}"
    lists = "lists" if len(missing) > 1 else "list"
    choose = f"Choose the {lists} in .dlt/config.toml, under [sources.servicetitan]: {setting}"
    steps = (
        "Look through what was written, and change what you like. What is an instant in the specification and means"
        "\n     a day is read with business_date, as a date.",
        choose if missing else "The settings choose it already.",
        f"The next sync makes {', '.join(entity.table for entity in entities)}, and each later one what has changed.",
    )
    return "\n".join(["\nNext:", *(f"  {number}. {step}" for number, step in enumerate(steps, 1))])

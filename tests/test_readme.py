"""The README says what is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from servicetitan import main
from servicetitan_mirror.entities import ENTITIES, Entity

README = (Path(__file__).parents[1] / "README.md").read_text()
SCOPES = {endpoint.scope for entity in ENTITIES for endpoint in entity.endpoints}


@pytest.mark.parametrize("entity", [entity for entity in ENTITIES if not entity.companion_of], ids=lambda entity: entity.name)
def test_every_table_is_listed_with_its_scopes(entity: Entity) -> None:
    (row,) = re.findall(rf"^\| `st_{entity.name}` \|.*$", README, re.M)
    assert entity.has_owners or all(f"`{endpoint.scope}`" in row for endpoint in entity.endpoints)


def test_every_scope_is_named() -> None:
    assert {scope for scope in SCOPES if f"`{scope}`" not in README} == set()


def test_every_option_of_a_sync_is_named() -> None:
    options = {option for parameter in main.params for option in parameter.opts if option.startswith("--")}
    assert {option for option in options if option not in README} == set()


def test_every_entity_has_a_model_and_its_description() -> None:
    models = Path(__file__).parents[1] / "dbt_project" / "models"
    missing = [
        entity.name
        for entity in ENTITIES
        for ending in ("sql", "yml")
        if not entity.companion_of and not list(models.rglob(f"st_{entity.name}.{ending}"))
    ]
    assert missing == []

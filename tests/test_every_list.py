"""Everything at once: each list of the API lands as the source has it, is read on, and loses nothing that goes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from mirror import Mirror, simulator
from servers import new_database
from servicetitan_mirror.entities import ENTITIES, OPTIONAL, Entity
from servicetitan_mirror.postgres.warehouse import Warehouse
from servicetitan_mirror.tables.optional import typed

EVERY_ENTITY = pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.name)
SETTINGS = {"entities": "*", "every": "always"}


@pytest.fixture(scope="module")
def everything(embedded_18: Warehouse, root: Path) -> Iterator[Mirror]:
    """A mirror into which every list was synced in full."""
    with simulator(requests_per_second=0) as source:
        mirror = Mirror(source, new_database(embedded_18), root, SETTINGS)
        failed = {name: each.error for name, each in mirror.sync().items() if each.status != "completed"}
        assert failed == {}
        yield mirror


@EVERY_ENTITY
def test_a_list_lands_as_the_source_has_it(everything: Mirror, entity: Entity) -> None:
    assert everything.landed(entity.name) == everything.listed(entity.name) != []


def test_typed_lists_are_built_and_convert_without_a_failure(everything: Mirror) -> None:
    assert [name for name in typed(everything.root) if not everything.is_built(name)] == []
    failed = 'select module, "column", value, reason from st_sync_failures'
    assert everything.rows(failed) == []

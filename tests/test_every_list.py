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
        outcomes = mirror.sync()
        assert {name: each.error for name, each in outcomes.items() if each.status != "completed"} == {}
        assert {name: each.details for name, each in outcomes.items() if each.details} == {}
        yield mirror


@EVERY_ENTITY
def test_a_list_lands_as_the_source_has_it(everything: Mirror, entity: Entity) -> None:
    listed = everything.listed(entity.name)
    if entity.endpoints[0].is_feed and not entity.endpoints[0].shows_inactive:  # what is not active there was deleted
        listed = [record for record in listed if record.get("active", True)]
    assert everything.landed(entity.name) == listed != []


def test_typed_lists_are_built_and_convert_without_a_failure(everything: Mirror) -> None:
    assert [name for name in typed(everything.root) if not everything.is_built(name)] == []
    failed = 'select module, "column", value, reason from st_sync_failures'
    assert everything.rows(failed) == []


def test_a_sync_without_changes_asks_each_list_for_changes_once(everything: Mirror) -> None:
    everything.source.reset_calls()
    outcomes = everything.sync()
    assert {name: each.error for name, each in outcomes.items() if each.status != "completed"} == {}
    calls = everything.source.calls()["by_entity"]
    asked = {each.name: len(each.endpoints) for each in ENTITIES if each.endpoints[0].shows_changes}
    assert {name: calls[name] for name in asked} == asked
    assert {name: each.created + each.updated for name, each in outcomes.items() if each.created + each.updated} == {}


def test_nothing_differs_from_the_source_as_a_deep_reconciliation_sees_it(everything: Mirror) -> None:
    done = everything.command("reconcile", "--deep", "--json", SOURCES__SERVICETITAN__ENTITIES="*")
    modules = json.loads(done.stdout)["modules"]
    wrong = {each["module"]: each for each in modules if each["missing"] or each["extra"] or each["stale"]}
    assert (done.returncode, wrong, len(modules)) == (0, {}, len(ENTITIES))


def test_each_dated_list_shows_its_change_at_the_next_sync(everything: Mirror) -> None:
    dated = [each.name for each in OPTIONAL if each.endpoints[0].shows_changes and not each.endpoints[0].window]
    for name in dated:
        everything.source.touch(name)
    outcomes = everything.sync()
    assert [name for name in dated if outcomes[name].updated != 1] == []


def test_a_full_sync_finds_what_is_gone_of_every_list_that_is_none_of_feeds(everything: Mirror) -> None:
    names = [each.name for each in OPTIONAL if not each.endpoints[0].is_feed]
    for name in names:
        everything.source.delete(name)
    outcomes = everything.sync(full=True)
    assert [name for name in names if outcomes[name].deleted != 1] == []

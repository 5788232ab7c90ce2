"""Every typed column reads a field of that type: as ServiceTitan's specification of May 2026 has it.

Where it reads another type on purpose, the model's YAML file says so, with the reason, in config.meta.other_types.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest
import yaml

from dbt_support import TYPED, model
from servicetitan_mirror.entities import ENTITIES, PUBLISHED, STANDARD, Entity
from servicetitan_mirror.reading.fields import specified

FIELDS = {
    entity.name: {path: re.sub(r"enum\(.*\)", "enum", type) for path, type in specified(entity).items()}
    for entity in ENTITIES
}
FITTING = {
    "text": {"string", "string(email)", "string(html)", "string(multiline)", "string(phone)", "enum"},
    "bigint": {"int32", "int64"},
    "number": {"decimal", "double"},
    "flag": {"boolean"},
    "instant": {"date-time"},
    "business_date": {"date"},
    "json": {"object[]", "array of string", "array of enum"},
    "bigints": {"array of int64", "array of int32"},
    "seconds": {"string(duration)"},
}
FITTING |= {"label": FITTING["text"], "whole_number": FITTING["bigint"]}


class Reading(NamedTuple):
    """A column's accessor and the field that it reads."""

    accessor: str
    entity: str
    path: str

    @property
    def type(self) -> str:
        return FIELDS[self.entity].get(self.path, "no such field")


def readings(entity: Entity) -> Iterator[Reading]:
    """What the entity's model reads of its records, of their items and of its companions' records."""
    text = model(entity).read_text()
    called = re.findall(r"(\w+)\('([\w.]+)'(?:(?:, \d+)*(?:, '[\[\]{}]+')?)\)", text)
    yield from (Reading(accessor, entity.name, path) for accessor, path in called if accessor in FITTING)
    companions = [each for each in STANDARD if each.companion_of == entity.name]
    for accessor, path in re.findall(r"(\w+)\('(\w+)', 'part.record'\)", text):
        yield Reading(accessor, companions[0].name, path)
    items = re.findall(r"jsonb_array_elements\(.*json\('(\w+)'.* as part$", text, re.M)
    for accessor, path in re.findall(r"(\w+)\('(\w+)', 'part'\)", text):
        yield Reading(accessor, entity.name, f"{items[0]}[].{path}")


def explained(entity: Entity) -> set[str]:
    """The fields that its YAML file says are read as another type, and why."""
    (described,) = yaml.safe_load(model(entity).with_suffix(".yml").read_text())["models"]
    return {field for field, why in described["config"]["meta"].get("other_types", {}).items() if why}


def test_the_types_of_every_list_are_known() -> None:
    assert {entity.name for entity in STANDARD} - FIELDS.keys() == set()


@pytest.mark.parametrize("entity", PUBLISHED + TYPED, ids=lambda entity: entity.name)
def test_every_typed_column_reads_a_field_of_its_type_or_says_why_not(entity: Entity) -> None:
    assert {read.path for read in readings(entity) if read.type not in FITTING[read.accessor]} == explained(entity)


def test_every_companions_parent_id_is_an_id() -> None:
    parents = {each.name: FIELDS[each.name].get(each.parent_id) for each in STANDARD if each.parent_id}
    assert [name for name, type in parents.items() if type not in FITTING["bigint"]] == []


@pytest.mark.parametrize("entity", PUBLISHED + TYPED, ids=lambda entity: entity.name)
def test_no_accessor_is_overlooked(entity: Entity) -> None:
    accessors = "|".join(FITTING)
    written = re.findall(rf"\b(?:{accessors})\('", model(entity).read_text())
    assert len(written) == len([*readings(entity)])

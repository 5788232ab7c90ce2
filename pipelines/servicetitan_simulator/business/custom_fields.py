"""Custom field types of the fourteen owners, and their values in the owners' rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ..dice import Dice, Ids
from ..store import Row
from . import catalog
from .shapes import SHAPES

_SAMPLES = {"Numeric": ("1850", "2400"), "Text": ("4711#", "n/a — señal", "ask for Renée at the side door")}


class FieldType(NamedTuple):
    """A type and the values that its owners have."""

    id: int
    name: str
    values: Sequence[str]


def name_fields(ids: Ids, add: Callable[[str, Row, int], int]) -> dict[str, list[FieldType]]:
    """Writes the types with `add(table, row, id)`; one of several owners has the same id in each list."""
    fields: dict[str, list[FieldType]] = {}
    for name, data_type, options, owners in catalog.CUSTOM_FIELD_TYPES:
        record_id = ids.new()
        for owner in owners.split():
            add(f"custom_fields/{owner}", _row(owner, name, data_type, options), record_id)
            fields.setdefault(owner, []).append(FieldType(record_id, name, options or _SAMPLES[data_type]))
    return fields


def values(dice: Dice, fields: list[FieldType], typed: bool = True) -> list[Row]:
    """Some custom field values; those of invoices and payments carry no typeId."""
    chosen = [field for field in fields if dice.chance(0.4)]
    rows = [{"name": field.name, "value": dice.pick(field.values)} for field in chosen]
    return [{"typeId": field.id} | row for field, row in zip(chosen, rows, strict=True)] if typed else rows


def _row(owner: str, name: str, data_type: str, options: Sequence[str]) -> Row:
    """The options are null where there are none, but an empty list in a shape that has a list."""
    shape = SHAPES.get(f"custom_fields/{owner}", SHAPES["custom_fields"])
    return shape | {"name": name, "dataType": data_type, "dataTypeOptions": list(options) or shape["dataTypeOptions"]}

"""Custom field types of the fourteen owners, and their values in the owners' rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec

from ..dice import Dice, Ids
from ..store import Row, encode
from . import catalog
from .shapes import SHAPES


class FieldType(NamedTuple):
    """A type and what stands in its owners' rows: each possible value, with and without its typeId."""

    id: int
    typed: list[msgspec.Raw]
    plain: list[msgspec.Raw]


def name_fields(ids: Ids, add: Callable[[str, Row, int], int]) -> dict[str, list[FieldType]]:
    """Writes the types with `add(table, row, id)`; one of several owners has the same id in each list."""
    fields: dict[str, list[FieldType]] = {}
    for name, data_type, values, owners in catalog.CUSTOM_FIELD_TYPES:
        field, options = _field(ids.new(), name, values), values if data_type == "Dropdown" else ()
        for owner in owners.split():
            add(f"custom_fields/{owner}", _row(owner, name, data_type, options), field.id)
            fields.setdefault(owner, []).append(field)
    return fields


def _field(record_id: int, name: str, values: Sequence[str]) -> FieldType:
    rows = [{"name": name, "value": value} for value in values]
    typed = [msgspec.Raw(encode({"typeId": record_id} | row)) for row in rows]
    return FieldType(record_id, typed, [msgspec.Raw(encode(row)) for row in rows])


def values(dice: Dice, fields: list[FieldType], typed: bool = True) -> list[msgspec.Raw]:
    """Most of the custom field values; those of invoices and payments carry no typeId."""
    return [dice.pick(field.typed if typed else field.plain) for field in fields if dice.chance(0.75)]


def external_data(dice: Dice, record_id: int) -> list[Row]:
    """What an application of somebody else's has attached to half of the records."""
    if dice.chance(0.5):
        return []
    return [
        {"key": "ledger-reference", "value": f"MS-{record_id:x}-{record_id % 97:02d}"},
        {"key": "imported-from", "value": dice.pick(("spreadsheet 2021", "front desk", "former system, página 2"))},
    ]


def _row(owner: str, name: str, data_type: str, options: Sequence[str]) -> Row:
    """The options are null where there are none, but an empty list in a shape that has a list."""
    shape = SHAPES.get(f"custom_fields/{owner}", SHAPES["custom_fields"])
    return shape | {"name": name, "dataType": data_type, "dataTypeOptions": list(options) or shape["dataTypeOptions"]}

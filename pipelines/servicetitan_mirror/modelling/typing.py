"""The accessor and the type of a field's column, by the field's type in the specification.

The accessors are the macros of values.sql. An object is no column: its fields are.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from servicetitan_mirror.modelling.naming import snake_case

NUMBER = "numeric(18, 4)"
# by the last word of a field's name: four decimals would round a tax rate of 8.875 % and move a place by metres
FINER = {
    **dict.fromkeys(("latitude", "longitude"), (11, 8)),
    **dict.fromkeys(("rate", "percent", "percentage", "factor", "multiplier", "ratio", "markup", "margin"), (18, 8)),
}


class Reading(NamedTuple):
    """How a field is read: the macro, what it is given besides the path, and the type that comes out."""

    accessor: str
    arguments: str
    type: str


TEXT = Reading("text", "", "text")
SECONDS = Reading("seconds", "", NUMBER)
BY_TYPE = {
    "int64": Reading("bigint", "", "bigint"),
    "int32": Reading("bigint", "", "bigint"),
    "boolean": Reading("flag", "", "boolean"),
    "date-time": Reading("instant", "", "timestamptz"),
    "date": Reading("business_date", "", "date"),
    "array of int64": Reading("bigints", "", "bigint[]"),
    "array of int32": Reading("bigints", "", "bigint[]"),
    "object": Reading("json", ", '{}'", "jsonb"),
}


def reading(path: str, type: str) -> Reading:
    """How the field at `path` is read. What is of several types, or of none that is known, is read as a text."""
    last_word = snake_case(path.rpartition(".")[2]).rpartition("_")[2]
    if type in ("decimal", "double"):
        return _number(*FINER[last_word]) if last_word in FINER else Reading("number", "", NUMBER)
    if type == "string(duration)" and last_word == "duration":  # others have times of a day in this form
        return SECONDS
    if type in BY_TYPE:
        return BY_TYPE[type]
    return Reading("json", ", '[]'", "jsonb") if is_array(type) else TEXT


def is_array(type: str) -> bool:
    """Whether values of the type are arrays, of whatever."""
    return bool(re.match(r"array of |.*\[\]$", type))


def _number(precision: int, scale: int) -> Reading:
    return Reading("number", f", {precision}, {scale}", f"numeric({precision}, {scale})")

"""Whole rows and parts of rows, every field filled by its type: what a writer does not know stands there.

A row of a list that has a writer starts as one of a few, so that it costs little more than what its writer says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from servicetitan_specification import Field, Listing

from ..store import Row
from .values import value

if TYPE_CHECKING:
    from .desk import Desk

VARIANTS = 12
NULLS = 0.3  # of the fields that may be null, but of the first row's none


class Blanks:
    """The rows and parts of one list. A part's path ends as the specification writes it: `items[]`, `shipTo`."""

    def __init__(self, listing: Listing) -> None:
        self._fields: dict[str, dict[str, Field]] = {}
        for path, field in listing.fields.items():
            above, _, name = path.rpartition(".")
            self._fields.setdefault(above, {})[name] = field
        self._variants: dict[str, list[Row]] = {}

    def fields(self, path: str = "") -> dict[str, Field]:
        """The fields of the row or of a part, one level deep."""
        return self._fields.get(path, {})

    def pick(self, desk: Desk, path: str = "") -> Row:
        """A variant of a row or part, at first the one in which nothing is null or empty; not to be changed."""
        known = self._variants.get(path)
        if known is None:
            known = self._variants[path] = [self.whole(desk, path, full=turn == 0) for turn in range(VARIANTS)]
            return known[0]
        return desk.dice.pick(known)

    def whole(self, desk: Desk, path: str = "", full: bool = False) -> Row:
        """A new row or part."""
        return {name: self._value(desk, path, name, field, full) for name, field in self.fields(path).items()}

    def _value(self, desk: Desk, above: str, name: str, field: Field, full: bool) -> object:
        path = f"{above}.{name}".lstrip(".")
        if field.nullable and not full and desk.dice.chance(NULLS):
            return None
        kind = field.type.partition(" | ")[0]
        if kind == "object":
            return self.whole(desk, path, full)
        if kind == "object[]":
            parts = desk.dice.between(1, 3) if full else desk.dice.between(0, 3)
            return [self.whole(desk, f"{path}[]", full) for _ in range(parts)] if self.fields(f"{path}[]") else []
        return value(desk, path, kind)

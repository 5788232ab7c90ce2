"""Where the rows of a list have their key, their dates and their activity."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from . import clock

Row = dict[str, Any]


class Form(NamedTuple):
    """Where a list's rows have what others have at their top.

    key: the field that tells them apart; where it is no number, they are numbered here. type: of that field.
    within: the object that has their createdOn, modifiedOn and active, "" for the row itself. is_fed: only a feed has
    them, which knows of each when it changed, whether the row says so or not.
    """

    key: str = "id"
    type: str = "int64"
    within: str = ""
    is_fed: bool = False

    def dated(self, row: Row) -> Row:
        """What has createdOn, modifiedOn and active."""
        part = row.get(self.within, row) if self.within else row
        return part if isinstance(part, dict) else {}

    def name(self, row: Row, number: int, moment: int) -> None:
        """Gives a row the key that belongs to its number; `moment` is for rows that are told apart by their time."""
        row[self.key] = NAMES[self.type](number, moment)
        if self.within:
            self.dated(row)["id"] = number


def guid(number: int) -> str:
    """A GUID that is always the same for a number."""
    digits = f"{number * 0x9E3779B97F4A7C15 & (1 << 128) - 1:032x}"
    return "-".join((digits[:8], digits[8:12], f"4{digits[13:16]}", f"8{digits[17:20]}", digits[20:]))


NAMES: dict[str, Callable[[int, int], object]] = {
    "int64": lambda number, moment: number,
    "string": lambda number, moment: str(number),
    "string(guid)": lambda number, moment: guid(number),
    "date-time": lambda number, moment: clock.text(moment + number % 1_000),
}
USUAL = Form()

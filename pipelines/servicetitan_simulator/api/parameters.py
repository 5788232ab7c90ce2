"""Typed values from query parameters. Names and enum values are taken in any case, as ASP.NET does."""

from __future__ import annotations

from collections.abc import Mapping

from .. import clock

MOST_IDS = 50


class Reader:
    """Reads typed values from query parameters and gathers the complaints."""

    def __init__(self, parameters: Mapping[str, str]) -> None:
        self._values = {name.lower(): value for name, value in parameters.items()}
        self.problems: dict[str, str] = {}

    def text(self, name: str) -> str:
        """The value as it came, "" without one."""
        return self._values.get(name.lower(), "")

    def complain(self, name: str) -> None:
        """Notes that the value is wrong."""
        self.problems[name] = f"The value '{self.text(name)}' is not valid."

    def whole(self, name: str, otherwise: int, least: int) -> int:
        """A whole number from `least` on."""
        value = self.text(name) or str(otherwise)
        if not value.removeprefix("-").isdecimal() or int(value) < least:
            self.complain(name)
            return otherwise
        return int(value)

    def choice(self, name: str, options: Mapping[str, bool | None], otherwise: bool | None) -> bool | None:
        """What the value, in any case, stands for among the options."""
        value = self.text(name)
        if value.lower() not in options:
            if value:
                self.complain(name)
            return otherwise
        return options[value.lower()]

    def moment(self, name: str, otherwise: int) -> int:
        """The ticks of a date-time."""
        value = self.text(name)
        try:
            return clock.ticks(value) if value else otherwise
        except ValueError:
            self.complain(name)
            return otherwise

    def numbers(self, name: str) -> frozenset[int] | None:
        """Ids with commas between, at most 50; None without any."""
        parts = [part.strip() for part in self.text(name).split(",") if part.strip()]
        if len(parts) > MOST_IDS or not all(part.isdecimal() for part in parts):
            self.complain(name)
            return None
        return frozenset(map(int, parts)) if parts else None

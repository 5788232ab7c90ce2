"""Which lists are chosen, and how often each is asked: the settings `entities` and `every`.

    entities = ["standard", "calls", "inventory.*"]
    every = ["reference=1h", "calls=15m"]

Names and patterns are those of entities/choosing.py. Of several in `every` that mean a list, the last one holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from servicetitan_mirror.config.checks import Near, cleaned, seconds_of, unquoted
from servicetitan_mirror.entities import Entity
from servicetitan_mirror.entities.choosing import chosen, named, unknown

HOURLY = 3600.0  # seconds between two reads of a reference list where more than the standard lists are chosen
ALWAYS = "always"


@dataclass(frozen=True)
class Lists:
    """Names of lists and patterns: a list, or a text with commas, or JSON as dlt writes a list into a variable."""

    allowed: str = "names of lists or patterns, like standard, calls or inventory.*, with commas between them"

    def read(self, value: object) -> str:
        """The names with commas between them."""
        words = _words(value)
        for word in words:
            if not named(word):
                raise Near(f"{unknown(word)}.")
        return ",".join(words)


@dataclass(frozen=True)
class Pauses:
    """A time for all lists, or times for some."""

    allowed: str = "a time like 1h, or lists with their times like calls=15m,pricebook.*=1h,technicians=always"

    def read(self, value: object) -> str:
        """The lists and times with commas between them."""
        words = _words(value)
        for word in words:
            pattern, length = _parts(word)
            if not named(pattern):
                raise Near(f"{unknown(pattern)}.")
            if length != ALWAYS and not seconds_of(length):
                raise ValueError
        return ",".join("=".join(_parts(word)) for word in words)


def patterns(text: str) -> tuple[str, ...]:
    """The names and patterns of a setting."""
    return tuple(filter(None, text.split(",")))


def seconds_between(entity: Entity, every: str, asked: Sequence[str]) -> float:
    """How many seconds lie between two reads of the entity's lists at least; 0 where every sync reads them.

    Args:
        every: the setting `every`.
        asked: what is chosen.
    """
    rests = entity.is_reference and any(not each.is_standard for each in chosen(asked))
    seconds = HOURLY if rests else 0.0
    for word in patterns(every):
        pattern, length = _parts(word)
        if entity.name in named(pattern):
            seconds = seconds_of(length) or 0.0
    return seconds


def _parts(word: str) -> tuple[str, str]:
    pattern, _, length = word.rpartition("=")
    return cleaned(pattern) or "*", cleaned(length).lower()


def _words(value: object) -> list[str]:
    if isinstance(value, str):
        text = cleaned(value).strip("[]")
        value = [unquoted(cleaned(word)) for word in text.split(",")] if text else []
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise ValueError
    return [cleaned(word) for word in value]

"""What a sync tells whoever watches it."""

from __future__ import annotations

from collections.abc import Sequence

from servicetitan_mirror.raw.log import Outcome
from servicetitan_mirror.reading.reading import Reading


class Watcher:
    """Hears of everything and does nothing."""

    def run_began(self, run_id: str, place: str) -> None:
        """A run with this id begins, into this database."""

    def planned(self, readings: Sequence[Reading]) -> None:
        """All readings, before the first begins."""

    def page(self, reading: Reading) -> None:
        """A page has arrived. Called from the reading's thread."""

    def settled(self, outcome: Outcome) -> None:
        """A stream has settled, or failed."""

    def tables(self, underway: frozenset[str]) -> None:
        """These tables are being built now, no others. Called from any thread."""

    def building(self) -> None:
        """All lists are read; the tables that are left are built."""

"""What a sync tells whoever watches it."""

from __future__ import annotations

from collections.abc import Sequence

from servicetitan_mirror.raw.outcomes import Outcome
from servicetitan_mirror.reading.reading import Reading


class Watcher:
    """Hears of everything and does nothing; whoever wants to show something overrides what he needs."""

    def run_began(self, run_id: str, place: str) -> None:
        """A run with this id begins, into this database."""

    def planned(self, readings: Sequence[Reading]) -> None:
        """These readings are going to run."""

    def page(self, reading: Reading) -> None:
        """A page of the reading has come. Called from the reading's thread."""

    def settled(self, outcome: Outcome) -> None:
        """A stream has settled, or failed."""

    def building(self, tables: frozenset[str]) -> None:
        """These tables are being built now, no others. Called from any thread."""

    def all_read(self) -> None:
        """All lists are read and loaded; the tables that are left are built."""

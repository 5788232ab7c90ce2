"""A stream: one entity on its way through a sync, from the readings of its lists to its last load."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from servicetitan_mirror.entities import Entity
from servicetitan_mirror.reading.reading import Reading


@dataclass
class Stream:
    """An entity that is being synced, and the readings of its lists.

    Attributes:
        entity: what is synced.
        readings: one for each list of the entity, in the order of its endpoints.
        is_new: whether nothing of it had landed when the sync began.
        refused_before: owner ("" where there is none) and id of the records that PostgreSQL refused in earlier syncs.
        held_back: pages of such records, taken out of what is loaded, for a load of their own.
        loads: the ids of the loads that brought rows of it in this sync.
        loaded: whether nothing of it is left to load: the last page was loaded, or `problem` prevents it.
        problem: why it cannot be loaded, as a sentence; None while it can.
    """

    entity: Entity
    readings: list[Reading] = field(default_factory=list)
    is_new: bool = False
    refused_before: frozenset[tuple[str, int]] = frozenset()
    held_back: list[pa.Table] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    loaded: bool = False
    problem: str | None = None

    @property
    def is_full(self) -> bool:
        """Whether everything is read; an undated list, which always is, does not make a stream full."""
        return all(reading.task.is_full for reading in self.readings)

    @property
    def sync_type(self) -> str:
        """As the log calls it."""
        return "full" if self.is_full else "incremental"

    @property
    def started(self) -> float:
        """When the first of its readings began, in seconds of the monotonic clock."""
        return min(reading.started for reading in self.readings)

    @property
    def rows_waiting(self) -> int:
        """How many of its rows have been read and wait to be loaded."""
        return sum(reading.rows_waiting for reading in self.readings)

    @property
    def has_ended(self) -> bool:
        """Whether all its lists were read to their end; pages may still wait."""
        return all(reading.has_ended for reading in self.readings)

    @property
    def is_taken(self) -> bool:
        """Whether all its lists were read to their end and every page was taken."""
        return all(reading.is_taken for reading in self.readings)

    def tables(self, limit: float = math.inf) -> Iterator[pa.Table]:
        """Take the pages that wait, list by list, until they hold `limit` rows; known refused records are held back."""
        rows = 0
        for reading in self.readings:
            for table in reading.tables():
                good = self._hold_back(table, reading.task.endpoint.owner or "")
                if good.num_rows:
                    yield good
                rows += table.num_rows
                if rows >= limit:
                    return
        self.loaded = self.is_taken

    def fail(self, problem: str) -> None:
        """Load nothing more of it, so read nothing more either."""
        self.problem, self.loaded = problem, True
        for reading in self.readings:
            reading.give_up()

    def _hold_back(self, table: pa.Table, owner: str) -> pa.Table:
        """The page without the records that PostgreSQL refused before."""
        ids = [id for of, id in self.refused_before if of == owner]
        if not ids:
            return table
        refused = pc.is_in(table["id"], pa.array(ids, pa.int64()))
        self.held_back += [table.filter(refused)]
        return table.filter(pc.invert(refused))

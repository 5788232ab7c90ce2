"""A list that is read in a thread of its own, for the loader of a sync.

Its pages go through the backlog, so that later ones are read while earlier ones load.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import KW_ONLY, dataclass, field

import pyarrow as pa

from servicetitan_mirror.api.calls import Calls
from servicetitan_mirror.errors import Stopped
from servicetitan_mirror.reading.backlog import Backlog
from servicetitan_mirror.reading.reader import Reader
from servicetitan_mirror.reading.records import Rejected


@dataclass
class Reading(Reader):
    """Reads a list into the backlog.

    Attributes, besides those of Reader:
        backlog: takes the pages for the loader.
        on_page: called after each page, in the reading's thread.
        unstorable: records that PostgreSQL did not take when they were to land (a set).
        error: what ended the reading; None while it goes on, and when it is complete.
        started: when it began, in seconds of the monotonic clock.
        seconds: how long it took, once it has ended.
    """

    backlog: Backlog
    on_page: Callable[[Reading], None] = lambda reading: None
    _: KW_ONLY
    unstorable: dict[Rejected, None] = field(default_factory=dict)
    error: Exception | None = None
    started: float = field(default_factory=time.monotonic)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self._shelf = self.backlog.shelf()
        self.calls = Calls(self._shelf.order, is_turn=lambda: self.backlog.is_turn(self._shelf))
        super().__post_init__()

    def run(self) -> None:
        """Read the list; whatever goes wrong ends this reading alone and is kept in `error`."""
        self.started = time.monotonic()
        try:
            with closing(self.read()) as pages:
                for tables in pages:
                    self._hand_on_page(tables)
        except Exception as error:
            self.error = error
        finally:
            self.seconds = time.monotonic() - self.started
            self.calls.ended = True
            self._hand_on(None)

    @property
    def rows_waiting(self) -> int:
        """How many rows wait for the loader."""
        return self._shelf.rows

    @property
    def has_ended(self) -> bool:
        """Whether no more pages will come."""
        return self._shelf.ended

    @property
    def is_taken(self) -> bool:
        """Whether no more pages will come and the loader has taken all that came."""
        return self._shelf.is_taken

    def tables(self) -> Iterator[pa.Table]:
        """Take the pages that wait, each as a table with the columns of `arrow_schema`. For the loader's thread."""
        while (table := self.backlog.take(self._shelf)) is not None:
            yield table

    def give_up(self) -> None:
        """Read no further: what comes cannot be loaded."""
        self.calls.ended = True
        self.backlog.give_up(self._shelf)

    def _hand_on_page(self, tables: list[pa.Table]) -> None:
        for table in tables:
            self._hand_on(table)
        self.on_page(self)
        if self._shelf.given_up:
            raise Stopped
        if self.has_more:
            self.backlog.wait_for_turn(self._shelf)

    def _hand_on(self, table: pa.Table | None) -> None:
        if not self.backlog.put(self._shelf, table) and table is not None:
            raise Stopped

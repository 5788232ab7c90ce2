"""One list, read to its end: as many passes over its pages as it takes to know that nothing was missed.

A reading runs in a thread of its own and hands its pages on through the backlog, so that later pages are read while
earlier ones load. It is complete only when the passes prove it (proof.py, verdict.py); a list that changed meanwhile is
read again.
"""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

from servicetitan_mirror.api.calls import Calls
from servicetitan_mirror.api.client import Answer, Client
from servicetitan_mirror.errors import EndpointError, Stopped
from servicetitan_mirror.reading.backlog import Backlog
from servicetitan_mirror.reading.pages import tables_of
from servicetitan_mirror.reading.paging import Paging, Task
from servicetitan_mirror.reading.proof import Pass
from servicetitan_mirror.reading.records import Rejected
from servicetitan_mirror.reading.verdict import check_rejected, judge, kept_changing

PASSES = 4
REST = 1.5  # seconds before a list is read again, more each time; the server's clock shows whole seconds


@dataclass
class Reading:
    """One list while it is read, and what was found.

    Attributes:
        task: what is asked of the list.
        client: makes the calls.
        backlog: takes the pages for the loader.
        on_page: called after each page, in the reading's thread.
        rejected: records of the pass that counts that cannot land, in the order in which they came (a set).
        unstorable: records that PostgreSQL did not take when they were to land (a set).
        notes: what the reading could not do, or did otherwise than usual, as sentences.
        ids: the ids of all records of the pass that counts, once the list was read to its end.
        rows: how many records were handed on to the loader, each once.
        pages: how many pages of the present pass have come.
        pages_total: how many it is expected to have; None while nobody can tell.
        proved: whether what `ids` lacks is gone from the source.
        read_until: when the first page was asked for, by the earlier of the server's clock and ours; None before.
        error: what ended the reading; None while it goes on, and when it is complete.
        started: when it began, in seconds of the monotonic clock.
        seconds: how long it took, once it has ended.
        calls: what it has cost.
    """

    task: Task
    client: Client
    backlog: Backlog
    on_page: Callable[[Reading], None] = lambda reading: None
    rejected: dict[Rejected, None] = field(default_factory=dict)
    unstorable: dict[Rejected, None] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    ids: array[int] = field(default_factory=lambda: array("q"))
    rows: int = 0
    pages: int = 0
    pages_total: int | None = None
    proved: bool = False
    read_until: datetime | None = None
    error: Exception | None = None
    started: float = field(default_factory=time.monotonic)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self._shelf = self.backlog.shelf()
        self.calls = Calls(self._shelf.order, is_turn=lambda: self.backlog.is_turn(self._shelf))
        self._paging = Paging(self.client, self.task, self.calls)
        self._passes: list[Pass] = []

    def run(self) -> None:
        """Read the list; whatever goes wrong ends this reading alone and is kept in `error`."""
        self.started = time.monotonic()
        try:
            self._read()
        except Exception as error:
            self.error = error
        finally:
            self.seconds = time.monotonic() - self.started
            self.calls.ended = True
            self._passes.clear()
            self._hand_on(None)

    @property
    def fetched(self) -> int:
        """Distinct records read so far."""
        return self.rows + len(self.rejected)

    @property
    def unreadable(self) -> int:
        """How many records were rejected without an id that could be read: each may be any that is missing."""
        return sum(rejected.whole_id is None for rejected in self.rejected)

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

    def _read(self) -> None:
        seen = Pass(self.task.is_full)
        while len(self._passes) < PASSES:
            self.client.pause(len(self._passes) * REST)
            seen = Pass(self.task.is_full)
            if self._pass(seen) and self._is_complete(seen):
                check_rejected(self.task, seen)
                self._paging.completed()
                return
        raise kept_changing(self.task, seen)

    def _pass(self, seen: Pass) -> bool:
        """Hand on all pages; False when the first one was refused and the list has to be asked otherwise."""
        self.rejected = seen.rejected
        try:
            for answer in self._paging.pages(seen):
                self._take_in(answer, seen)
                self.on_page(self)
                if self._shelf.given_up:
                    raise Stopped
                if answer.envelope.hasMore:
                    self.backlog.wait_for_turn(self._shelf)
        except EndpointError as problem:
            if seen.pages or not self._paging.fall_back(problem):
                raise
            return False
        self._passes.append(seen)
        return True

    def _take_in(self, answer: Answer, seen: Pass) -> None:
        with answer:  # it is in memory until its tables are made
            tables = list(tables_of(answer, self.task, self.client.tenant_id, seen, self._passes))
        self.pages = seen.pages
        self.pages_total = seen.last_page() if seen.total is not None else None
        self.read_until = self.read_until or answer.asked_at
        self.rows += sum(table.num_rows for table in tables)
        for table in tables:
            self._hand_on(table)

    def _is_complete(self, seen: Pass) -> bool:
        verdict = judge(self.task, seen, self._passes[-2] if len(self._passes) > 1 else None)
        self.ids = array("q", seen.ids)
        self.proved = verdict.proved
        self.notes = [*self._paging.notes(), *verdict.notes]
        return verdict.complete

    def _hand_on(self, table: pa.Table | None) -> None:
        if not self.backlog.put(self._shelf, table) and table is not None:
            raise Stopped

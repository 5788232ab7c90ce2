"""One list, read to its end: pages, guards, and the proof that nothing was missed.

A reading runs in a thread of its own and hands landed pages on through the backlog, so that the API is read
while earlier pages load. It counts as complete only when a pass over the pages proves it (see proof.py);
a list that moved meanwhile is read again.
"""

from __future__ import annotations

import time
from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

import pyarrow as pa

from servicetitan_mirror.api.client import Answer, Calls, Client
from servicetitan_mirror.errors import BrokenListError, EndpointError, Stopped
from servicetitan_mirror.reading.backlog import Backlog
from servicetitan_mirror.reading.paging import Paging, Task
from servicetitan_mirror.reading.proof import Pass
from servicetitan_mirror.reading.records import Rejected, Row, read_record, to_arrow

PASSES = 4
SETTLING = 1.5  # seconds before a list is read again, more each time; the server's clock shows whole seconds
CHUNK = 4 * 2**20  # characters of records that are handed on together
FEW = 20  # rejected records that a read of changes may always have


@dataclass
class Reading:
    """A task under way and what it found.

    `rejected` are records that cannot land, `unstorable` those that PostgreSQL did not take when they were to land.
    `ids` are those of the pass that counts. `proved` says that what `ids` lacks is gone. `notes` say, as sentences,
    what the reading could not do or did otherwise than usual.
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

    @property
    def fetched(self) -> int:
        """Distinct records read so far."""
        return self.rows + len(self.rejected)

    @property
    def unreadable(self) -> int:
        """How many records were rejected without an id that could be read: each may be any that is missing."""
        return sum(rejected.whole_id is None for rejected in self.rejected)

    def run(self) -> None:
        """Read the list; whatever goes wrong ends this reading alone and is kept in `error`."""
        self.started = time.monotonic()
        try:
            self._read()
        except Exception as error:
            self.error = error
        finally:
            self.seconds = time.monotonic() - self.started
            self.calls.over = True
            self._passes.clear()
            self._hand_on(None)

    @property
    def rows_waiting(self) -> int:
        """How many landed rows wait for the loader."""
        return self._shelf.rows

    @property
    def has_ended(self) -> bool:
        """Whether no more pages will come."""
        return self._shelf.ended

    @property
    def is_taken(self) -> bool:
        """Whether the loader has taken everything that was to come."""
        return self._shelf.is_taken

    def tables(self) -> Iterator[pa.Table]:
        """The landed pages that have come and were not taken yet, for the thread that loads them."""
        while (table := self.backlog.take(self._shelf)) is not None:
            yield table

    def give_up(self) -> None:
        """Read no further: what comes cannot be loaded."""
        self.calls.over = True
        self.backlog.give_up(self._shelf)

    def _read(self) -> None:
        while len(self._passes) < PASSES:
            self.client.pause(len(self._passes) * SETTLING)
            seen = Pass(self.task.is_full)
            if not self._pass(seen):
                continue
            self.ids = array("q", seen.ids)
            if self._is_complete(seen):
                self._check_rejected(seen)
                self._paging.completed()
                return
        announced = "an unknown number of" if seen.total is None else seen.total
        raise BrokenListError(
            f"{self.task.endpoint.path}: the list kept changing while it was read; it lists {announced} records and "
            f"its pages held {seen.distinct}. What was read has landed; the next sync reads it again."
        )

    def _pass(self, seen: Pass) -> bool:
        """Land all pages; False when the first one was refused and the list has to be asked otherwise."""
        self.rejected = seen.rejected
        try:
            for answer in self._paging.pages(seen):
                with answer:
                    tables = list(self._land(answer, seen))
                for table in tables:
                    self._hand_on(table)
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

    def _is_complete(self, seen: Pass) -> bool:
        """Whether the pass, maybe together with the one before it, missed nothing; notes what contradicts itself."""
        before = self._passes[-2] if len(self._passes) > 1 else None
        self.notes = self._paging.notes()
        if self.task.reads_feed:
            return True
        self.proved = seen.proves_complete()
        if self.proved or not seen.confirms(before):
            return self.proved
        self.proved = seen.has_right_total or not self.task.endpoint.dated
        self.notes += self._contradiction(seen)
        return True

    def _contradiction(self, seen: Pass) -> list[str]:
        """What two equal passes leave open, with the figures."""
        if seen.total is None or not self.task.endpoint.dated:
            return []
        if seen.has_right_total:
            return [f"the times of its records contradict its total; two equal passes saw all {seen.total}"]
        return [f"the server says {seen.total} records and showed {seen.distinct} twice"]

    def _check_rejected(self, seen: Pass) -> None:
        """A list of which most cannot be read has failed, whatever little of it has landed."""
        count = len(seen.rejected)
        if 2 * count > seen.distinct and (self.task.is_full or count > FEW):
            ((reason, _),) = Counter(rejected.reason for rejected in seen.rejected).most_common(1)
            raise BrokenListError(
                f"{self.task.endpoint.path}: {count} of {seen.distinct} records cannot be read ({reason}). The others "
                "have landed; the next sync reads the list again."
            )

    def _land(self, answer: Answer, seen: Pass) -> Iterator[pa.Table]:
        """The page's records that no earlier page or pass held, in parts."""
        seen.begin(answer)
        self._note(answer, seen)
        rows, size = [], 0
        for raw in answer.envelope.data:
            record = read_record(bytes(raw))
            if isinstance(record, Rejected):
                seen.reject(record)
            elif seen.add(record) and not any(record.id in earlier.ids for earlier in self._passes):
                rows.append(self._told_deleted(record, answer))
                size += len(record.record)
            if size > CHUNK:
                yield self._to_arrow(rows)
                rows, size = [], 0
        seen.end()
        if rows:
            yield self._to_arrow(rows)

    def _note(self, answer: Answer, seen: Pass) -> None:
        self.pages = seen.pages
        self.pages_total = seen.last_page() if seen.total is not None else None
        self.read_until = self.read_until or answer.asked_at

    def _told_deleted(self, row: Row, answer: Answer) -> Row:
        """The row, deleted where a feed says so: what is not `active` there is no longer listed."""
        if row.active or not self.task.reads_feed:
            return row
        return replace(row, deleted_at=row.modified_on or answer.sent_at)

    def _to_arrow(self, rows: list[Row]) -> pa.Table:
        self.rows += len(rows)
        return to_arrow(self.task.entity, self.client.tenant_id, self.task.endpoint.owner, rows)

    def _hand_on(self, table: pa.Table | None) -> None:
        if not self.backlog.put(self._shelf, table) and table is not None:
            raise Stopped

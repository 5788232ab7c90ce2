"""One list, read to its end: pages, guards, and the proof that nothing was missed.

A reading runs in a thread of its own and hands landed pages on through the backlog, so that the API is read
while earlier pages load. It counts as complete only when a pass over the pages proves it (see proof.py);
a list that moved meanwhile is read again.
"""

from __future__ import annotations

import threading
import time
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

from servicetitan_mirror.backlog import Backlog
from servicetitan_mirror.client import Answer, Calls, Client, Envelope, pages_expected
from servicetitan_mirror.clock import UTC, format_instant
from servicetitan_mirror.entities import Endpoint, Entity
from servicetitan_mirror.errors import BrokenListError
from servicetitan_mirror.landing import Rejected, Row, read_record, to_arrow
from servicetitan_mirror.proof import Pass
from servicetitan_mirror.rate_limit import Stopped

PASSES = 4
SETTLING = 1.5  # seconds before a list is read again, more each time; the server's clock shows whole seconds
ENDLESS = 100_000  # pages without a total after which a list counts as endless
BEGINNING = datetime(1, 1, 1, tzinfo=UTC)  # the filter that excludes nothing, year-1 dates included


@dataclass
class Task:
    """What is asked of one list: everything (`since` None) or what changed since an instant.

    `refused` are the parameters to which its server is known to answer 400: "sort", "modifiedOnOrAfter", "export".
    """

    entity: Entity
    endpoint: Endpoint
    since: datetime | None = None
    cursor: datetime | None = None
    refused: set[str] = field(default_factory=set)

    @property
    def is_full(self) -> bool:
        """Whether everything is read."""
        return self.since is None

    @property
    def name(self) -> str:
        """`customers`; with an owner `custom_fields.jobs`."""
        return f"{self.entity.name}.{self.endpoint.owner}" if self.endpoint.owner else self.entity.name


@dataclass
class Reading:
    """A task under way and what it found.

    `rejected` are records that cannot land, `refused` those that PostgreSQL did not take when they were to land. `ids`
    are those of the pass that counts, `taken` is how many rows the loader has taken. `notes` say, as sentences,
    what it could not do or did otherwise than usual.
    """

    task: Task
    client: Client
    backlog: Backlog
    on_page: Callable[[Reading], None] = lambda reading: None
    rejected: dict[Rejected, None] = field(default_factory=dict)
    refused: dict[Rejected, None] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    ids: array[int] = field(default_factory=lambda: array("q"))
    landed: int = 0
    taken: int = 0
    pages: int = 0
    total: int | None = None
    pages_total: int | None = None
    proved: bool = False
    read_until: datetime | None = None
    error: Exception | None = None
    started: float = field(default_factory=time.monotonic)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self._shelf = self.backlog.shelf()
        self.calls = Calls(self._shelf.order)
        self._seen: set[int] = set()
        self._all_taken = False
        self._announced = threading.Event()

    @property
    def fetched(self) -> int:
        """Distinct records read so far."""
        return self.landed + len(self.rejected)

    @property
    def unreadable(self) -> int:
        """How many records were rejected without an id that could be read: each may be any that is missing."""
        return len(self.rejected)

    def expected(self) -> int:
        """How many records the list announces; waits for its first page or its end."""
        while not self._announced.wait(0.5):
            if self.client.stopping.is_set():
                raise Stopped
        return max(self.total or 0, self.fetched)

    def run(self) -> None:
        """Read the list; whatever goes wrong ends this reading alone and is kept in `error`."""
        self.started = time.monotonic()
        try:
            self._read()
        except Exception as error:
            self.error = error
        finally:
            self.seconds = time.monotonic() - self.started
            self._seen.clear()
            self._announced.set()
            self._hand_on(None)

    def tables(self) -> Iterator[pa.Table]:
        """The landed pages not taken yet, for the thread that loads them."""
        while not self._all_taken:
            table = self.backlog.take(self._shelf)
            if table is not None:
                self.taken += table.num_rows
                yield table
            elif self.client.stopping.is_set():
                raise Stopped
            else:
                self._all_taken = True

    def _read(self) -> None:
        before = None
        for attempt in range(PASSES):
            self.client.pause(attempt * SETTLING)
            seen = Pass(self.task.is_full)
            for answer in self._pages():
                self._land(answer, seen)
            self.ids, self.proved = seen.ids, seen.proves_complete()
            if self.proved or seen.confirms(before):
                return
            before = seen
        announced = "an unknown number of" if seen.total is None else seen.total
        raise BrokenListError(
            f"{self.task.endpoint.path}: the list kept changing while it was read; it lists {announced} records and "
            f"its pages held {seen.distinct}. What was read has landed; the next sync reads it again."
        )

    def _pages(self) -> Iterator[Answer]:
        """The pages in their order. Those that the total promises are read several at once, any more one by one."""
        answer = self._page(1)
        yield answer
        expected = (pages_expected(answer.envelope) or 1) if answer.envelope.hasMore else 1
        params = (self._params(page) for page in range(2, expected + 1))
        page = 1
        if answer.envelope.hasMore:
            self.backlog.wait_for_turn(self._shelf)
        promised = self.client.ahead(self.task.endpoint, params, self.calls)
        while answer.envelope.hasMore:
            if page >= _page_limit(answer.envelope):
                raise BrokenListError(f"{self.task.endpoint.path}: the list does not end (page {page}).")
            page += 1
            answer = self._note(next(promised, None) or self._page(page), page)
            yield answer

    def _page(self, page: int) -> Answer:
        return self._note(self.client.page(self.task.endpoint, self._params(page), self.calls), page)

    def _params(self, page: int) -> dict[str, str]:
        params = {"page": str(page), "pageSize": str(self.client.page_size), **self.task.endpoint.params}
        since = self.task.since or (BEGINNING if self.task.endpoint.needs_filter else None)
        if self.task.endpoint.dated:
            params["includeTotal"] = "true"
        if since and self.task.endpoint.dated:
            params["modifiedOnOrAfter"] = format_instant(since)
        return params

    def _note(self, answer: Answer, page: int) -> Answer:
        self.pages = page
        self.total = answer.envelope.totalCount
        self._announced.set()
        self.pages_total = pages_expected(answer.envelope)
        self.read_until = self.read_until or answer.sent_at
        return answer

    def _land(self, answer: Answer, seen: Pass) -> None:
        """Hand on the page's records that no earlier page or pass held."""
        records = [read_record(bytes(raw)) for raw in answer.envelope.data]
        rows = [record for record in records if isinstance(record, Row)]
        rejected = [record for record in records if isinstance(record, Rejected)]
        seen.note(answer, rows, len(rejected))
        self.rejected.update(dict.fromkeys(rejected))
        fresh = {row.id: row for row in rows if row.id not in self._seen}
        if fresh:
            self._seen.update(fresh)
            self.landed += len(fresh)
            owner = self.task.endpoint.owner
            self._hand_on(to_arrow(self.task.entity, self.client.tenant_id, owner, fresh.values()))
        self.on_page(self)

    def _hand_on(self, table: pa.Table | None) -> None:
        if not self.backlog.put(self._shelf, table) and table is not None:
            raise Stopped


def _page_limit(envelope: Envelope) -> int:
    """Past twice the pages that the total promises (and some for growth) a list counts as endless."""
    expected = pages_expected(envelope)
    return ENDLESS if expected is None else 2 * expected + 100

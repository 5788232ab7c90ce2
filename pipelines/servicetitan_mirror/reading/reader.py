"""One list, read to its end: as many passes over its pages as it takes to know that nothing was missed.

Whoever iterates sets the pace. The list is complete only when the passes prove it (proof.py, verdict.py); one that
changed meanwhile is read again.
"""

from __future__ import annotations

from array import array
from collections.abc import Generator
from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime

import pyarrow as pa

from servicetitan_mirror.api.calls import Calls
from servicetitan_mirror.api.client import Answer, Client
from servicetitan_mirror.errors import EndpointError
from servicetitan_mirror.reading.keys import Keys
from servicetitan_mirror.reading.pages import tables_of
from servicetitan_mirror.reading.paging import Paging
from servicetitan_mirror.reading.proof import Pass
from servicetitan_mirror.reading.records import Rejected
from servicetitan_mirror.reading.task import Task
from servicetitan_mirror.reading.verdict import check_rejected, judge, kept_changing

PASSES = 4
REST = 1.5  # seconds before a list is read again, more each time; the server's clock shows whole seconds


@dataclass
class Reader:
    """One list while it is read, and what was found.

    Attributes:
        task: what is asked of the list.
        client: makes the calls.
        calls: what it has cost.
        rejected: records of the pass that counts that cannot land, in the order in which they came (a set).
        notes: what the reading could not do, or did otherwise than usual, as sentences.
        ids: the ids of all records of the pass that counts, once the list was read to its end.
        rows: how many records were handed on, each once.
        pages: how many pages of the present pass have come.
        pages_total: how many it is expected to have; None while nobody can tell.
        has_more: whether more pages follow those that have come.
        keys: those of its records, in the present pass; None where nobody wants to know of them.
        proved: whether what `ids` lacks is gone from the source.
        read_until: when the first page was asked for, by the earlier of the server's clock and ours; None before.
    """

    task: Task
    client: Client
    _: KW_ONLY
    calls: Calls = field(default_factory=Calls)
    rejected: dict[Rejected, None] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    ids: array[int] = field(default_factory=lambda: array("q"))
    rows: int = 0
    pages: int = 0
    pages_total: int | None = None
    has_more: bool = True
    proved: bool = False
    read_until: datetime | None = None

    def __post_init__(self) -> None:
        before = self.task.before
        self.keys = None if before is None else Keys(self.task.entity, self.task.is_full, before)
        self._paging = Paging(self.client, self.task, self.calls)
        self._passes: list[Pass] = []

    @property
    def token(self) -> str | None:
        """Where a feed goes on that was read to its end; None of a list."""
        return self._paging.token

    @property
    def fetched(self) -> int:
        """Distinct records read so far."""
        return self.rows + len(self.rejected)

    @property
    def unreadable(self) -> int:
        """How many records were rejected without an id that could be read: each may be any that is missing."""
        return sum(rejected.whole_id is None for rejected in self.rejected)

    def read(self) -> Generator[list[pa.Table], None, None]:
        """Read the list, and yield each page's records as tables with the columns of `arrow_schema`, each record once.

        Raises:
            ConfigurationError: the token endpoint refuses the credentials.
            EndpointError: the list cannot be read, or is not complete.
            Stopped: the client is stopping.
        """
        seen = Pass(self.task.is_full)
        try:
            while len(self._passes) < PASSES:
                self.client.pause(len(self._passes) * REST)
                seen = Pass(self.task.is_full)
                if (yield from self._pass(seen)) and self._is_complete(seen):
                    check_rejected(self.task, seen)
                    self._paging.completed()
                    return
        finally:
            self._passes.clear()
        raise kept_changing(self.task, seen)

    def _pass(self, seen: Pass) -> Generator[list[pa.Table], None, bool]:
        """Read all pages; False when the first one was refused and the list has to be asked otherwise."""
        self.rejected = seen.rejected
        if self.keys:
            self.keys.begin_pass()
        try:
            for answer in self._paging.pages(seen):
                yield self._take_in(answer, seen)
        except EndpointError as problem:
            if seen.pages or not self._paging.fall_back(problem):
                raise
            return False
        self._passes.append(seen)
        return True

    def _take_in(self, answer: Answer, seen: Pass) -> list[pa.Table]:
        with answer:  # it is in memory until its tables are made
            tables = list(tables_of(answer, self.task, self.client.tenant_id, seen, self._passes, self.keys))
        self.pages = seen.pages
        self.pages_total = seen.last_page() if seen.total is not None else None
        self.has_more = answer.envelope.hasMore
        self.read_until = self.read_until or answer.asked_at
        self.rows += sum(table.num_rows for table in tables)
        return tables

    def _is_complete(self, seen: Pass) -> bool:
        verdict = judge(self.task, seen, self._passes[-2] if len(self._passes) > 1 else None)
        self.ids = array("q", seen.ids)
        self.proved = verdict.proved
        self.notes = [*self._paging.notes(), *verdict.notes]
        return verdict.complete

"""The proof that a pass over a list's pages missed no record.

Pages are offsets into a list that others change meanwhile. A record that leaves the list moves those behind it
up, maybe across the border of a page that was read already, and then one is never seen. Three counts tell:

    distinct records seen   = total of the last page
    total of the first page + records that entered while we read and were seen = total of the last page

With R records removed after they were seen and Q before, E entered unseen, and O old ones that look as if they
had entered, the first says missed = R - E and the second E = O + R + Q, so missed = -O - Q: none. It holds for
any order of the list. Everything that contradicts it, also harmless changes, makes the list be read again.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import datetime

from servicetitan_mirror.client import Answer
from servicetitan_mirror.landing import Row


class Pass:
    """One pass over the pages of a list; `full` when everything was asked for, not only what changed."""

    def __init__(self, full: bool) -> None:
        self.ids: array[int] = array("q")
        self._full = full
        self._rejected = 0
        self._entered = 0
        self._first: int | None = None
        self._last: int | None = None
        self._pages = 0
        self._began: datetime | None = None

    def note(self, answer: Answer, rows: Sequence[Row], rejected: int) -> None:
        """A page, with the rows it holds and how many of its records cannot land."""
        if not self._pages:
            self._first, self._began = answer.envelope.totalCount, answer.sent_at
        self._pages += 1
        self._last = answer.envelope.totalCount
        self._rejected += rejected
        self.ids.extend(row.id for row in rows)
        self._entered += sum(map(self._has_entered, rows))

    @property
    def total(self) -> int | None:
        """What the server says the list holds; None where it does not say."""
        return self._last

    @property
    def distinct(self) -> int:
        """How many records the pass saw."""
        return len(set(self.ids)) + self._rejected

    def proves_complete(self) -> bool:
        """Whether no record was missed. A list without a total proves nothing."""
        if self._first is None or self._last is None:
            return False
        entered = self._entered if self._pages > 1 else 0
        return self.distinct == self._last == self._first + entered

    def confirms(self, before: Pass | None) -> bool:
        """Whether a list without a total is complete: it is on one page, or the pass before saw the same."""
        same = before is not None and before.ids == self.ids
        return self.total is None and (self._pages == 1 or same)

    def _has_entered(self, row: Row) -> bool:
        """Whether the row came into the list after its first page was sent: by creation, or by any change."""
        stamp = row.created_on if self._full else row.modified_on
        return bool(stamp and self._began and stamp >= self._began)

"""The proof that a pass over a list's pages missed no record.

Pages are offsets into a list that others change meanwhile. A record that leaves the list moves those behind it
up, maybe across the border of a page that was read already, and then one is never seen. Three counts tell:

    distinct records seen   = total of the last page
    total of the first page + records that entered while we read and were seen = total of the last page

With R records removed after they were seen and Q before, E entered unseen, and O old ones that look as if they
had entered, the first says missed = R - E and the second E = O + R + Q, so missed = -O - Q: none. It holds for
any order of the list.

Everything that contradicts it, also harmless changes and records that lie about their own times, makes the list be
read again. Two passes that saw the same records under the same totals are complete as well: what the counts say
against them is then the server's own contradiction. Only a list whose total was right may say that something is gone.
"""

from __future__ import annotations

from datetime import datetime

from servicetitan_mirror.api.client import Answer
from servicetitan_mirror.reading.records import Rejected, Row


class Pass:
    """One pass over the pages of a list; `full` when everything was asked for, not only what changed.

    Attributes:
        ids: of all records that it saw, also of those that cannot land.
        rejected: the records that cannot land, in the order in which they came (a set).
        pages: how many have come.
        barren: how many of the latest pages brought nothing new, one after the other.
        longest: how many records the longest page held.
        page_size: how many a page holds by the server's word; 0 where it gives none.
    """

    def __init__(self, full: bool) -> None:
        self.ids: set[int] = set()
        self.rejected: dict[Rejected, None] = {}
        self.pages = 0
        self.barren = 0
        self.longest = 0
        self.page_size = 0
        self._full = full
        self._entered = 0
        self._first_total: int | None = None
        self._last_total: int | None = None
        self._first_sent_at: datetime | None = None
        self._before = 0

    def begin_page(self, answer: Answer) -> None:
        """A page has come; its records are added next."""
        if not self.pages:
            self._first_total, self._first_sent_at = answer.envelope.total, answer.sent_at
            self.page_size = answer.envelope.page_size
        self._last_total = answer.envelope.total
        self.pages += 1
        self._before = self.distinct
        self.longest = max(self.longest, len(answer.envelope.data))

    def add(self, row: Row) -> bool:
        """A record of the page; whether this pass sees it for the first time."""
        known = len(self.ids)
        self.ids.add(row.id)
        self._entered += self._has_entered(row)
        return len(self.ids) > known

    def reject(self, rejected: Rejected) -> None:
        """A record of the page that cannot land."""
        self.rejected[rejected] = None
        if rejected.whole_id is not None:
            self.ids.add(rejected.whole_id)

    def end_page(self) -> None:
        """All records of the page were added."""
        self.barren = 0 if self.distinct > self._before else self.barren + 1

    @property
    def total(self) -> int | None:
        """What the server says the list holds; None where it does not say."""
        return self._last_total

    @property
    def unreadable(self) -> int:
        """How many records have no id that can be read: each may be any that seems to be missing."""
        return sum(rejected.whole_id is None for rejected in self.rejected)

    @property
    def distinct(self) -> int:
        """How many records the pass saw."""
        return len(self.ids) + self.unreadable

    @property
    def has_right_total(self) -> bool:
        """Whether it saw as many records as the server said at its end."""
        return self._last_total == self.distinct

    def last_page(self) -> int:
        """The page that should be the last one, by the total and by how long pages are; 1 without a total.

        The page size that the server names is believed until two pages have shown otherwise.
        """
        length = max(self.longest, self.page_size) if self.pages < 2 else self.longest
        return max(1, -(-self._last_total // length)) if self._last_total is not None and length else 1

    def proves_complete(self) -> bool:
        """Whether no record was missed. A list without a total proves nothing."""
        if self._first_total is None or self._last_total is None:
            return False
        entered = self._entered if self.pages > 1 else 0
        return self.distinct == self._last_total == self._first_total + entered

    def confirms(self, before: Pass | None) -> bool:
        """Whether it is complete because the pass before it saw the same, or because it is a single page."""
        if self.total is None and self.pages == 1:
            return True
        return before is not None and self._seen() == before._seen()

    def _seen(self) -> tuple[object, ...]:
        return self.ids, self.rejected.keys(), self._first_total, self._last_total

    def _has_entered(self, row: Row) -> bool:
        """Whether the row came into the list after its first page was sent: by creation, or by any change."""
        stamp = row.created_on if self._full else row.modified_on
        return bool(stamp and self._first_sent_at and stamp >= self._first_sent_at)

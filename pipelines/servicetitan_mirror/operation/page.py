"""A single page of a list, and what it says of the list."""

from __future__ import annotations

from servicetitan_mirror.reading.pages import tables_of
from servicetitan_mirror.reading.paging import SORTS, Paging
from servicetitan_mirror.reading.proof import Pass
from servicetitan_mirror.reading.task import Task


class Page:
    """One page of a list: its rows, and between which ids it has them all."""

    def __init__(self, paging: Paging, task: Task, tenant_id: int, number: int) -> None:
        self._number, self._seen = number, Pass(full=True)
        with paging.page(number) as answer:
            self.tables = list(tables_of(answer, task, tenant_id, self._seen, ()))
            self._has_more = answer.envelope.hasMore
        self.ids = [id for table in self.tables for id in table["id"].to_pylist()]
        self.total = self._seen.total
        is_asked_sorted = "sort" not in task.refused and any(sort in task.endpoint.params for sort in SORTS)
        self._is_sorted = is_asked_sorted and self.ids == sorted(self.ids)

    def pages_in_all(self) -> int:
        """How many pages the list has by this one."""
        return self._seen.last_page() if self._has_more else 1

    @property
    def span(self) -> tuple[int, int] | None:
        """The least and the greatest id between which the page holds every record; None if it does not say."""
        is_first, is_last = self._number == 1, not self._has_more
        if self._seen.rejected or not ((is_first and is_last) or (self._is_sorted and self.ids)):
            return None
        return (-(2**63) if is_first else self.ids[0], 2**63 - 1 if is_last else self.ids[-1])

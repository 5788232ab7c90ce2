"""Landed pages between the threads that read and the one that loads.

All lists share one budget in bytes, so that reading goes on while earlier pages load and memory stays bounded
whatever the tenant's size. The list that the loader is waiting for may always hand over a page. Only a few lists
read on past their first page at a time, those that the loader takes first: what a later one brings would wait.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field

import pyarrow as pa

BUDGET = 64 * 2**20  # bytes
LISTS_AT_ONCE = 3


@dataclass
class Shelf:
    """One list's pages; None is its end. The loader takes shelves by their `order`."""

    order: int

    pages: deque[pa.Table | None] = field(default_factory=deque)
    wanted: bool = False


class Backlog:
    """The shelves of a sync; `stopping` ends all waiting."""

    def __init__(self, stopping: threading.Event) -> None:
        self._stopping = stopping
        self._changed = threading.Condition()
        self._bytes = 0
        self._shelves = 0
        self._unfinished: list[int] = []

    def shelf(self) -> Shelf:
        """A new list's shelf, which the loader takes after those made before it."""
        shelf = Shelf(self._shelves)
        self._shelves += 1
        self._unfinished.append(shelf.order)
        return shelf

    def wait_for_turn(self, shelf: Shelf) -> None:
        """Wait until the list is one of those that read on."""
        with self._changed:
            while not (self.is_turn(shelf) or self._stopping.is_set()):
                self._changed.wait(0.5)

    def is_turn(self, shelf: Shelf) -> bool:
        """Whether the list is one of those that read on."""
        return shelf.order in self._unfinished[:LISTS_AT_ONCE]

    def put(self, shelf: Shelf, page: pa.Table | None) -> bool:
        """Put a page on its shelf when there is room; False when the sync is stopping."""
        size = page.nbytes if page is not None else 0
        with self._changed:
            while not (self._has_room(shelf, size) or self._stopping.is_set()):
                self._changed.wait(0.5)
            shelf.pages.append(page)
            if page is None:
                self._unfinished.remove(shelf.order)
            self._bytes += size
            self._changed.notify_all()
        return not self._stopping.is_set()

    def take(self, shelf: Shelf) -> pa.Table | None:
        """The shelf's next page, waited for; None at its end and when the sync is stopping."""
        with self._changed:
            shelf.wanted = True
            self._changed.notify_all()
            while not (shelf.pages or self._stopping.is_set()):
                self._changed.wait(0.5)
            page = shelf.pages.popleft() if shelf.pages else None
            self._bytes -= page.nbytes if page is not None else 0
            self._changed.notify_all()
        return page

    def _has_room(self, shelf: Shelf, size: int) -> bool:
        return self._bytes + size <= BUDGET or (shelf.wanted and not shelf.pages)

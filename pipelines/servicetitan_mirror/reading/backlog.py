"""Pages between the threads that read and the one that loads.

All lists share one budget in bytes, so that reading goes on while earlier pages load and memory stays bounded whatever
the tenant's size. The loader takes whatever pages have come and waits for no list: one that hangs holds up only itself.
Every list reads its first page at once; past it only LISTS_AT_ONCE read on, those that come first in the sync, and a
list of which nothing was heard for a while does not count among them.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import pyarrow as pa

BUDGET = 64 * 2**20  # bytes
LISTS_AT_ONCE = 3
SILENCE = 5.0  # seconds without a page after which a list takes no other's turn

T = TypeVar("T")


@dataclass
class Shelf:
    """One list's pages.

    Attributes:
        order: the list's place in the sync.
        pages: those that were not taken yet.
        rows: how many rows they hold.
        ended: whether no more will come.
        given_up: whether nobody wants what comes.
        last_news: when the list was last seen at work, in seconds of the monotonic clock.
        waiting: whether it waits for its turn or for room, and not for the server.
    """

    order: int
    pages: deque[pa.Table] = field(default_factory=deque)
    rows: int = 0
    ended: bool = False
    given_up: bool = False
    last_news: float = field(default_factory=time.monotonic)
    waiting: bool = False

    @property
    def is_taken(self) -> bool:
        """Whether everything that was ever to come was taken."""
        return self.ended and not self.pages


class Backlog:
    """The shelves of a sync; `stopping` ends all waiting."""

    def __init__(self, stopping: threading.Event) -> None:
        self._stopping = stopping
        self._changed = threading.Condition()
        self._bytes = 0
        self._held_up = 0
        self._shelves: list[Shelf] = []

    @property
    def is_full(self) -> bool:
        """Whether a page waits for room."""
        return self._held_up > 0

    def shelf(self) -> Shelf:
        """A new list's shelf; those made before it come before it."""
        shelf = Shelf(len(self._shelves))
        self._shelves.append(shelf)
        return shelf

    def wait_for_turn(self, shelf: Shelf) -> None:
        """Wait until the list is one of those that read on."""
        self._wait(shelf, lambda: self.is_turn(shelf))

    def is_turn(self, shelf: Shelf) -> bool:
        """Whether the list is one of those that read on."""
        before = (other for other in self._shelves[: shelf.order] if not (other.ended or self._is_silent(other)))
        return sum(1 for _ in before) < LISTS_AT_ONCE

    def put(self, shelf: Shelf, page: pa.Table | None) -> bool:
        """Put a page on its shelf as soon as there is room, None when no more will come; False if nobody wants it."""
        size = page.nbytes if page is not None else 0
        with self._changed:
            self._held_up += 1
            self._changed.notify_all()
            try:
                self._wait(shelf, lambda: self._bytes + size <= BUDGET or not self._bytes)
            finally:
                self._held_up -= 1
            shelf.ended = shelf.ended or page is None
            wanted = not (self._stopping.is_set() or shelf.given_up)
            if page is not None and wanted:
                shelf.pages.append(page)
                shelf.rows += page.num_rows
                self._bytes += size
            self._changed.notify_all()
        return wanted

    def take(self, shelf: Shelf) -> pa.Table | None:
        """The shelf's next page; None when none has come yet."""
        with self._changed:
            if not shelf.pages:
                return None
            page = shelf.pages.popleft()
            shelf.rows -= page.num_rows
            self._bytes -= page.nbytes
            self._changed.notify_all()
        return page

    def give_up(self, shelf: Shelf) -> None:
        """Want nothing more of a list, and forget what came of it."""
        with self._changed:
            shelf.given_up = True
            while shelf.pages:
                self._bytes -= shelf.pages.popleft().nbytes
            shelf.rows = 0
            self._changed.notify_all()

    def wait_for(self, choice: Callable[[], T | None], seconds: float) -> T | None:
        """Ask `choice` after every change until it returns something, which is returned; None after so many seconds."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while (chosen := choice()) is None and time.monotonic() < deadline and not self._stopping.is_set():
                self._changed.wait(0.2)
        return chosen

    def _wait(self, shelf: Shelf, condition: Callable[[], bool]) -> None:
        with self._changed:
            shelf.waiting = True
            while not (condition() or shelf.given_up or self._stopping.is_set()):
                self._changed.wait(0.5)
            shelf.waiting, shelf.last_news = False, time.monotonic()

    def _is_silent(self, shelf: Shelf) -> bool:
        return not shelf.waiting and time.monotonic() - shelf.last_news > SILENCE

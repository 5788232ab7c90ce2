"""Room for large answers: one at a time is in memory, so that its size does not multiply with the number of lists."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable


class Room:
    """Holds one large answer at a time; of those that wait, that of the list with the lowest order goes first."""

    def __init__(self) -> None:
        self._turn = threading.Condition()
        self._waiting: list[tuple[int, int]] = []
        self._arrivals = itertools.count()
        self._taken = False

    def take(self, order: int, is_needed: Callable[[], bool]) -> bool:
        """Wait for the place; False when nobody needs the answer any more."""
        with self._turn:
            mine = (order, next(self._arrivals))
            heapq.heappush(self._waiting, mine)
            try:
                while self._taken or self._waiting[0] != mine:
                    self._turn.wait(0.2)
                    if not is_needed():
                        return False
                self._taken = True
                return True
            finally:
                self._waiting.remove(mine)
                heapq.heapify(self._waiting)
                self._turn.notify_all()

    def leave(self) -> None:
        """The large answer has left memory."""
        with self._turn:
            self._taken = False
            self._turn.notify_all()


class Seat:
    """One answer's claim to the room. An answer that was read ahead waits until `is_next`: its list goes on with it."""

    def __init__(self, room: Room, order: int, is_next: Callable[[], bool], is_needed: Callable[[], bool]) -> None:
        self._room = room
        self._order = order
        self._is_next = is_next
        self._is_needed = is_needed
        self._taken = False

    def take(self) -> bool:
        """Wait for the place; False when nobody needs the answer any more."""
        while self._is_needed() and not self._is_next():
            time.sleep(0.05)
        self._taken = self._is_needed() and self._room.take(self._order, self._is_needed)
        return self._taken

    def leave(self) -> None:
        """The answer has left memory; it may have been a small one, which had no place."""
        if self._taken:
            self._taken = False
            self._room.leave()

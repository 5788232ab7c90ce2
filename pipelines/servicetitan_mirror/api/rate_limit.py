"""The rate limit that all threads of a sync share."""

from __future__ import annotations

import heapq
import itertools
import math
import threading
import time

from servicetitan_mirror.errors import Stopped

SPACING = 1.04  # calls are a little further apart than the limit asks, for jitter on the way to the server
CATCH_UP = 0.01  # seconds of a call's delay that the next calls make up for; less than SPACING leaves in a second
TAKEN_IN = 0.02  # seconds in which a page is taken in at best; more pages ahead would only wait, in memory

FIRST = -1  # the order of a list's first call: it tells how many more there are to share the limit


class RateLimit:
    """Spaces the calls of all threads evenly, by when they really go; a server's wait holds all of them.

    Of those that wait, the call of the list that comes first in the sync goes first.
    """

    def __init__(self, per_second: float, stopping: threading.Event) -> None:
        self._interval = SPACING / per_second
        self._stopping = stopping
        self._turn = threading.Condition()
        self._waiting: list[tuple[int, int]] = []
        self._arrivals = itertools.count()
        self._next = 0.0

    def wait(self, order: int) -> None:
        """Wait for the caller's turn; a lower `order` goes first.

        Raises:
            Stopped: the sync is asked to end meanwhile.
        """
        with self._turn:
            mine = (order, next(self._arrivals))
            heapq.heappush(self._waiting, mine)
            try:
                while left := self._left(mine):
                    self._turn.wait(min(left, 0.5))
                    if self._stopping.is_set():
                        raise Stopped
                self._next = max(self._next, time.monotonic() - CATCH_UP) + self._interval
            finally:
                self._waiting.remove(mine)
                heapq.heapify(self._waiting)
                self._turn.notify_all()

    def hold(self, seconds: float) -> None:
        """No call before `seconds` from now."""
        with self._turn:
            self._next = max(self._next, time.monotonic() + seconds)

    def calls_in(self, seconds: float) -> int:
        """How many calls of one list are worth having under way when an answer takes so long."""
        return math.ceil(seconds / max(self._interval, TAKEN_IN))

    def _left(self, mine: tuple[int, int]) -> float:
        """Seconds until the turn may have come; 0 when it has."""
        if self._waiting[0] != mine:
            return math.inf
        return max(self._next - time.monotonic(), 0.0)

"""Pages that are asked for before their turn, so that slow answers do not slow down the whole list."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from servicetitan_mirror.api.calls import Calls
from servicetitan_mirror.api.rate_limit import RateLimit
from servicetitan_mirror.api.transport import LARGE

AT_ONCE = 64  # calls of one list under way, however slow the answers are
THREADS = 192  # calls of all lists under way
BYTES = 20 * 2**20  # of one list's answers that are read before their turn

Page = TypeVar("Page")


class ReadAhead:
    """As many calls of a list at once as it takes to use the rate limit, whatever an answer takes."""

    def __init__(self, limit: RateLimit) -> None:
        self._limit = limit
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="page")
        self._latency = 0.0

    def answered(self, seconds: float) -> None:
        """An answer took so many seconds: the mean of the last few is what the next ones are expected to take."""
        self._latency = 0.8 * self._latency + 0.2 * seconds

    def pages(self, ask: Callable[[int], Page], last: Callable[[], int], calls: Calls) -> Iterator[Page]:
        """Pages from the second on, in their order and without an end.

        `ask` reads a page by its number; `last` is the last one that the list is expected to have at the moment: later
        ones are read one by one.
        """
        waiting: deque[Future[Page]] = deque()
        page = 2
        try:
            while True:
                while not waiting or (page <= last() and len(waiting) < self._worth_having(calls)):
                    waiting.append(self._pool.submit(ask, page))
                    page += 1
                calls.next_page = page - len(waiting)
                yield waiting.popleft().result()
        finally:
            for unwanted in waiting:
                unwanted.cancel()

    def close(self) -> None:
        """Cancel what has not been sent yet, and wait for nothing."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _worth_having(self, calls: Calls) -> int:
        """How many calls of a list are worth having under way, by the latency and the size of its answers."""
        room = BYTES // max(calls.largest, 1) if calls.largest <= LARGE else 0
        return min(self._limit.calls_in(self._latency) + 1, AT_ONCE, room)

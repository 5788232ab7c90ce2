"""The calls of one list: what they have cost, and which of them it cannot go on without."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Calls:
    """The calls of one list. Several threads count.

    Attributes:
        order: the list's place in the sync: of the calls that wait for the rate limit, those with the lowest go first.
        made: how many calls were made.
        throttled: how many of them were answered with 429.
        largest: the size of the largest answer, in bytes.
        next_page: the number of the page that the list cannot go on without, once it `is_turn`.
        ended: whether the list needs no page any more.
        is_turn: whether the list is one of those that may read on now.
    """

    order: int = 0
    made: int = 0
    throttled: int = 0
    largest: int = 0
    next_page: int = 1
    ended: bool = False
    is_turn: Callable[[], bool] = lambda: True
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def count(self, made: int = 0, throttled: int = 0, size: int = 0) -> None:
        """Add to the counts; `size` is that of an answer in bytes."""
        with self._lock:
            self.made += made
            self.throttled += throttled
            self.largest = max(self.largest, size)

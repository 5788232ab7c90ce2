"""Counts the calls and limits their rate: 60 calls in any second per app and tenant (ServiceTitan's FAQ)."""

from __future__ import annotations

import time
from collections import Counter, deque

from ..settings import Settings
from .errors import gateway

WINDOW = 1.0


class Traffic:
    """The calls since the last reset."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """All counters to zero, the rate limit's window too."""
        self.tokens = 0
        self.most = 0
        self.by_path: Counter[str] = Counter()
        self.by_entity: Counter[str] = Counter()
        self.statuses: Counter[str] = Counter()
        self._arrivals: deque[float] = deque()
        self._accepted: deque[float] = deque()

    def arrive(self, path: str, entity: str) -> None:
        """Counts an API call."""
        self.by_path[path] += 1
        if entity:
            self.by_entity[entity] += 1
        self._arrivals.append(_forget_old(self._arrivals))
        self.most = max(self.most, len(self._arrivals))

    def admit(self, settings: Settings) -> None:
        """Raises ApiError(429), its wait in the title and, if set so, in a Retry-After header."""
        now = _forget_old(self._accepted)
        if 0 < settings.requests_per_second <= len(self._accepted):
            wait = str(max(1, round(self._accepted[0] + WINDOW - now)))
            headers = {"Retry-After": wait} if settings.retry_after_header else {}
            raise gateway(429, f"Rate limit is exceeded. Try again in {wait} seconds.", headers)
        self._accepted.append(now)

    def report(self) -> dict[str, object]:
        """`total` counts API calls, refused ones too, without those for tokens."""
        return {
            "total": sum(self.by_path.values()),
            "by_path": dict(self.by_path),
            "by_entity": dict(self.by_entity),
            "max_per_second": self.most,
            "tokens": self.tokens,
            "statuses": dict(self.statuses),
            "cpu_seconds": time.process_time(),
        }


def _forget_old(moments: deque[float]) -> float:
    """Drops what is older than the window; returns now."""
    now = time.monotonic()
    while moments and moments[0] <= now - WINDOW:
        moments.popleft()
    return now

"""Which streams are loaded together, and when: those of which something has come.

A load costs half a second whatever it holds, so small lists wait a moment for each other, and a large one is loaded
in parts. None waits for a list of which nothing comes.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from servicetitan_mirror.raw.streams import Stream
from servicetitan_mirror.reading.backlog import Backlog

LINGER = 2.0  # seconds that a list which has ended waits for company
IDLE = 5.0  # seconds without anything to load after which the wait is used for something else


class Batches:
    """The batches of a sync, each when its time has come; an empty one after IDLE seconds without."""

    def __init__(self, streams: Sequence[Stream], backlog: Backlog, size: int) -> None:
        self._streams = streams
        self._backlog = backlog
        self._size = size  # rows that make a load worth its while
        self._lingering: float | None = None

    def __iter__(self) -> Iterator[list[Stream]]:
        """Until nothing of any stream is left to load, or the sync is stopping."""
        while left := [stream for stream in self._streams if not stream.loaded]:
            batch = self._backlog.wait_for(lambda left=left: self._choose(left), IDLE)  # type: ignore[misc]
            yield batch or []

    def _choose(self, left: Sequence[Stream]) -> list[Stream] | None:
        ended = [stream for stream in left if stream.has_ended]
        if len(ended) == len(left) or self._has_lingered(bool(ended)):
            return self._take(ended)
        come = [stream for stream in left if stream.rows_waiting or stream.has_ended]
        if sum(stream.rows_waiting for stream in come) >= self._size or self._backlog.is_full:
            return self._take(come)
        return None

    def _take(self, streams: Sequence[Stream]) -> list[Stream]:
        """The first of the streams, as many as it takes to fill a load."""
        self._lingering = None
        rows, taken = 0, []
        for stream in streams:
            taken.append(stream)
            rows += min(stream.rows_waiting, self._size)
            if rows >= self._size:
                break
        return taken

    def _has_lingered(self, anything: bool) -> bool:
        if not anything:
            self._lingering = None
            return False
        self._lingering = self._lingering or time.monotonic()
        return time.monotonic() - self._lingering >= LINGER

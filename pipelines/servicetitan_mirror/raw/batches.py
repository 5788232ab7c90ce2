"""Which streams are loaded together, and when: those of which rows wait, or of which nothing more will come.

A load costs half a second whatever it holds, so small streams wait a moment for each other, and a large one is loaded
in parts. None waits for a stream of which nothing comes.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from servicetitan_mirror.raw.streams import Stream
from servicetitan_mirror.reading.backlog import Backlog

LINGER = 0.5  # seconds that a stream which was read to its end waits for others: as long as a load takes
IDLE = 5.0  # seconds without anything to load after which the caller gets an empty batch


class Batches:
    """The batches of a sync, each as soon as it is to be loaded; an empty one whenever IDLE seconds passed without."""

    def __init__(self, streams: Sequence[Stream], backlog: Backlog, size: int) -> None:
        self._streams = streams
        self._backlog = backlog
        self._size = size  # rows that make a load worth its while
        self._lingering: float | None = None

    def __iter__(self) -> Iterator[list[Stream]]:
        """The batches, until nothing of any stream is left to load. Once the sync is stopping, none is waited for."""
        while left := [stream for stream in self._streams if not stream.loaded]:
            batch = self._backlog.wait_for(lambda left=left: self._choose(left), IDLE)  # type: ignore[misc]
            yield batch or []

    def _choose(self, left: Sequence[Stream]) -> list[Stream] | None:
        """The streams to load now; None if it is better to wait."""
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

    def _has_lingered(self, has_company: bool) -> bool:
        if not has_company:
            self._lingering = None
            return False
        self._lingering = self._lingering or time.monotonic()
        return time.monotonic() - self._lingering >= LINGER

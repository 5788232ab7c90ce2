"""The flow of the data through one sync: read → load → settle → build.

Every list is read in a thread of its own, in the order of entities. The main thread loads one batch after the other
while later lists are being read, and settles the streams that are loaded. A third builds the tables of what has landed.
Small lists share a batch, a large one has its own, so that it is done, and stays done, as soon as it has landed.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import psycopg2
from psycopg2.extensions import connection as Connection

from servicetitan_mirror.api.client import Client
from servicetitan_mirror.errors import Stopped
from servicetitan_mirror.raw.batches import Batches
from servicetitan_mirror.raw.loading import Loading
from servicetitan_mirror.raw.log import SyncLog
from servicetitan_mirror.raw.outcomes import Outcome
from servicetitan_mirror.raw.settling import Settling
from servicetitan_mirror.raw.streams import Stream
from servicetitan_mirror.reading.reading import Reading
from servicetitan_mirror.tables.builder import Builder
from servicetitan_mirror.tables.finishing import Finishing
from servicetitan_mirror.watcher import Watcher


@dataclass
class Flow:
    """Takes the streams of a sync through all its parts.

    Attributes:
        connection: the one that holds the sync's lock.
        client: makes the calls of all readings, and says whether the sync is to stop.
        streams: what is to be synced.
        batches: which of them are loaded together.
        loading, settling, finishing: what becomes of a stream, one after the other.
        builder: builds tables meanwhile.
        sync_log: gets the row of each stream when its reading starts.
        watcher: hears of all of it.
        outcomes: of the streams that have settled, in that order.
    """

    connection: Connection
    client: Client
    streams: Sequence[Stream]
    batches: Batches
    loading: Loading
    settling: Settling
    finishing: Finishing
    builder: Builder
    sync_log: SyncLog
    watcher: Watcher
    outcomes: list[Outcome] = field(default_factory=list)

    def run(self) -> list[Outcome]:
        """Read, load and settle all streams; returns their outcomes. What is left to build then is the caller's.

        Raises:
            Stopped: the client is stopping.
            psycopg2.Error: the connection that holds the lock, or the log's, is lost.
        """
        threads: list[Future[None]] = []
        lists = sum(len(stream.readings) for stream in self.streams)
        with ThreadPoolExecutor(max_workers=lists, thread_name_prefix="read") as pool:
            try:
                threads += self._read_all(pool)
                for batch in self.batches:
                    if self.client.stopping.is_set():
                        raise Stopped
                    self._take_on(batch)
            except BaseException as ended:
                self.client.stopping.set()
                problems = (thread.exception() for thread in threads if thread.done())
                raise next(filter(None, problems), ended) from None
            finally:
                self.client.close()
                self.builder.stop()
        return self.outcomes

    def _take_on(self, batch: Sequence[Stream]) -> None:
        """Load a batch and settle the streams of which nothing is left to load; an empty one is time to build in."""
        for stream in self.loading.load(batch):
            outcome = self.settling.settle(stream)
            self.finishing.settled(self.connection, stream, outcome)
            self.outcomes.append(outcome)
            self.watcher.settled(outcome)
        self.finishing.built(self.connection)
        if not batch:
            self.builder.idle()
        elif len(self.outcomes) < len(self.streams):
            self.builder.loaded(batch)

    def _read_all(self, pool: ThreadPoolExecutor) -> list[Future[None]]:
        """Start to read all lists, each in a thread of its own."""
        return [pool.submit(self._read, reading, stream) for stream in self.streams for reading in stream.readings]

    def _read(self, reading: Reading, stream: Stream) -> None:
        try:
            self.sync_log.start(stream.entity, stream.sync_type)
        except psycopg2.Error:
            self.client.stopping.set()  # the loader would wait for this reading for ever
            raise
        reading.run()

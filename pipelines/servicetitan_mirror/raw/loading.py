"""One batch is loaded: what has come of its streams lands, by dlt in one load, or carefully where that is refused.

What PostgreSQL refuses costs the record, else the stream: the other streams of the batch land all the same.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import psycopg2
from dlt.common.exceptions import DltException
from psycopg2.extensions import connection as Connection

from servicetitan_mirror.errors import MirrorError
from servicetitan_mirror.postgres.refusals import explain
from servicetitan_mirror.postgres.warehouse import Warehouse
from servicetitan_mirror.raw import pending_loads
from servicetitan_mirror.raw.careful import land_carefully
from servicetitan_mirror.raw.loader import Loader, RefusedLoad
from servicetitan_mirror.raw.streams import Stream


def new_load_id() -> str:
    """An id for a load that dlt does not make, in the form of dlt's own: the clock in seconds."""
    return f"{time.time_ns() / 1e9:.7f}"


class Loading:
    """Loads the batches of one sync.

    Args:
        connection: the one that holds the sync's lock.
        limit: rows that one load takes of a stream, or a page more.
    """

    def __init__(
        self, connection: Connection, warehouse: Warehouse, tenant_id: int, loader: Loader, limit: int
    ) -> None:
        self._connection = connection
        self._warehouse = warehouse
        self._tenant_id = tenant_id
        self._loader = loader
        self._limit = limit

    def load(self, streams: Sequence[Stream]) -> Iterator[Stream]:
        """Load what waits of the streams; yields those of which nothing is left to load.

        Raises:
            psycopg2.Error: the connection that holds the lock is lost.
        """
        refused = self._load_at_once(streams)
        for stream in streams:
            if refused:
                self._load_carefully(stream, refused, self._loader.files(stream.entity))
            if stream.held_back and not stream.problem:
                self._load_held_back(stream)
            if stream.loaded:
                yield stream

    def wipe(self) -> None:
        """Leave no file of a load."""
        self._loader.wipe()

    def _load_at_once(self, streams: Sequence[Stream]) -> str | None:
        """Let dlt load it; the id of the load if PostgreSQL refused it."""
        try:
            load_id = self._loader.load(streams, self._limit, lambda announced: self._announce(streams, announced))
        except RefusedLoad as error:
            return str(error)
        except DltException as error:
            for stream in streams:
                stream.fail(explain(error, "load it", self._connection))
            return None
        if load_id:
            for stream in streams:
                stream.loads.append(load_id)
        return None

    def _load_held_back(self, stream: Stream) -> None:
        """Load the records that PostgreSQL refused before, by themselves: with others they would fail a whole load."""
        load_id = new_load_id()
        self._announce([stream], load_id)
        self._load_carefully(stream, load_id, [self._loader.write_held_back(stream, load_id)])

    def _load_carefully(self, stream: Stream, load_id: str, files: Sequence[Path]) -> None:
        try:
            with closing(self._warehouse.connect("servicetitan load")) as connection:  # not the one that holds the lock
                refused = land_carefully(connection, self._tenant_id, stream.entity, files)
        except (psycopg2.Error, MirrorError, OSError) as error:
            said = str(error) if isinstance(error, MirrorError) else None
            stream.fail(said or explain(error, f"load {stream.entity.name}", self._connection))
            return
        stream.loads.append(load_id)
        for reading in stream.readings:
            owner = reading.task.endpoint.owner or ""
            reading.unstorable.update({one.record: None for one in refused if one.owner == owner})

    def _announce(self, streams: Sequence[Stream], load_id: str) -> None:
        pending_loads.announce(self._connection, self._tenant_id, [stream.entity for stream in streams], load_id)

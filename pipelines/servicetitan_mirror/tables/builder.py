"""Builds tables while other lists are still being read, so that little is left when the last page has landed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from contextlib import closing

from psycopg2.extensions import connection as Connection

from servicetitan_mirror.entities import ENTITIES, is_accompanied
from servicetitan_mirror.postgres.warehouse import Warehouse
from servicetitan_mirror.raw.streams import Stream
from servicetitan_mirror.tables.builds import Ready, Transformer

EVERYTHING = frozenset(entity.name for entity in ENTITIES)


class Builder:
    """A thread that builds the tables of what has landed, as often as something has; calls `built` after each build."""

    def __init__(
        self, transformer: Transformer, warehouse: Warehouse, tenant_id: int, built: Callable[[Connection], None]
    ) -> None:
        self._transformer = transformer
        self._built = built
        self._warehouse = warehouse
        self._tenant_id = tenant_id
        self._ready = Ready()
        self._build_all_once = False
        self._asked = threading.Event()
        self._ending = False
        self._thread: threading.Thread | None = None
        self._error: BaseException | None = None

    def loaded(self, streams: Iterable[Stream]) -> None:
        """Build what the latest load of these streams allows.

        Streams whose records complete each other are built when nothing of either is left to load: earlier, and the
        same row would be built twice.
        """
        for stream in streams:
            ready = stream.loaded or not is_accompanied(stream.entity)
            self._ready = Ready(
                self._ready.entities | ({stream.entity.name} if ready else set()),
                self._ready.loads | {(stream.entity.name, load_id) for load_id in stream.loads},
            )
        self.build()

    def idle(self) -> None:
        """Nothing comes for a while: build what is there, though some rows will be built again when more has come."""
        self._build_all_once = True
        self.build()

    def build(self) -> None:
        """Have the thread build what can be built by now."""
        self._asked.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="build")
            self._thread.start()

    def stop(self) -> None:
        """Wait for the build that is under way and start no other. Raises what went wrong in one."""
        self._ending = True
        self._asked.set()
        if self._thread:
            self._thread.join()
        if self._error:
            raise self._error

    def _run(self) -> None:
        try:
            with closing(self._warehouse.connect("servicetitan build")) as connection:
                while self._asked.wait() and not self._ending:
                    self._asked.clear()
                    ready = Ready(EVERYTHING, self._ready.loads) if self._build_all_once else self._ready
                    self._build_all_once = False
                    self._transformer.build(connection, self._tenant_id, ready)
                    self._built(connection)
        except Exception as error:
            self._error = error

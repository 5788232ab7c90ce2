"""Builds tables while other lists are still being read, so that little is left when the last page has landed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from contextlib import closing

from psycopg2.extensions import connection as Connection

from servicetitan_mirror.entities import ENTITIES
from servicetitan_mirror.postgres.warehouse import Warehouse
from servicetitan_mirror.raw.source import Module
from servicetitan_mirror.tables.builds import Landed, Transformer


class Builder:
    """A thread that builds the models of what has landed, as often as something has; `built` is told after each."""

    def __init__(
        self, transformer: Transformer, warehouse: Warehouse, tenant_id: int, built: Callable[[Connection], None]
    ) -> None:
        self._transformer = transformer
        self._built = built
        self._warehouse = warehouse
        self._tenant_id = tenant_id
        self._landed = Landed()
        self._at_leisure = False
        self._news = threading.Event()
        self._ending = False
        self._thread: threading.Thread | None = None
        self._error: BaseException | None = None

    def landed(self, modules: Iterable[Module]) -> None:
        """These modules, or some more of them, have landed.

        Of those whose records complete each other, each has to be finished: else a row would be built twice.
        """
        for module in modules:
            loads = {(module.entity.name, load_id) for load_id in module.loads}
            ready = module.finished or not module.entity.is_accompanied
            self._landed = self._landed.and_more({module.entity.name} if ready else set(), loads)
        self.begin()

    def idle(self) -> None:
        """Nothing comes for a while: build what is there, though some rows will be built again when more has come."""
        self._at_leisure = True
        self.begin()

    def begin(self) -> None:
        """Build what can be built by now."""
        self._news.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="build")
            self._thread.start()

    def finish(self) -> None:
        """Wait for the build that is under way; begin no other. Raises what went wrong in one."""
        self._ending = True
        self._news.set()
        if self._thread:
            self._thread.join()
        if self._error:
            raise self._error

    def _run(self) -> None:
        try:
            with closing(self._warehouse.connect("servicetitan build")) as connection:
                while self._news.wait() and not self._ending:
                    self._news.clear()
                    landed, self._at_leisure = self._ready(), False
                    self._transformer.build(connection, self._tenant_id, landed)
                    self._built(connection)
        except Exception as error:
            self._error = error

    def _ready(self) -> Landed:
        everything = {entity.name for entity in ENTITIES} if self._at_leisure else set()
        return self._landed.and_more(everything, set())

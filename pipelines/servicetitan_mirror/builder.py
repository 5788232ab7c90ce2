"""Builds tables while other lists are still being read, so that little is left when the last page has landed."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from contextlib import closing

from servicetitan_mirror.transform import Transformer
from servicetitan_mirror.warehouse import Warehouse


class Builder:
    """A thread that builds the models of what has landed, as often as something has."""

    def __init__(self, transformer: Transformer, warehouse: Warehouse, tenant_id: int) -> None:
        self._transformer = transformer
        self._warehouse = warehouse
        self._tenant_id = tenant_id
        self._landed: set[str] = set()
        self._news = threading.Event()
        self._ending = False
        self._thread: threading.Thread | None = None
        self._error: BaseException | None = None

    def landed(self, entities: Iterable[str]) -> None:
        """These entities have landed, and there is more to come."""
        self._landed.update(entities)
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
                    self._transformer.build(connection, self._tenant_id, frozenset(self._landed))
        except Exception as error:
            self._error = error

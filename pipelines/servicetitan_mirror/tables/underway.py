"""Which tables are being built at this moment, for whoever watches."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager


class Underway:
    """The tables that are being built, by several threads; after each change `tell` is called with all of them."""

    def __init__(self, tell: Callable[[frozenset[str]], None] = lambda _: None) -> None:
        self._tell = tell
        self._tables: frozenset[str] = frozenset()
        self._lock = threading.Lock()

    @contextmanager
    def building(self, tables: Iterable[str]) -> Iterator[Callable[[str], None]]:
        """These tables are being built while the block runs; it gets a function that takes one of them out earlier."""
        mine = frozenset(tables)
        self._change(lambda: self._tables | mine)
        try:
            yield lambda table: self._change(lambda: self._tables - {table})
        finally:
            self._change(lambda: self._tables - mine)

    def _change(self, tables: Callable[[], frozenset[str]]) -> None:
        with self._lock:
            self._tables = tables()
            self._tell(self._tables)

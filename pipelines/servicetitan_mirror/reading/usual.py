"""Which keys are usual in a list, and which of those that were have vanished.

A key is usual if most of the records whose object could have it do, by a sample of a full read: the first FIRST
records and every EACH-th after them. It has vanished once none of a full read's records has it any more; every record
is asked for a key that the sample misses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from servicetitan_mirror.reading.fields import Node
from servicetitan_mirror.reading.paths import Watch, object_of, paths_of

FIRST, EACH = 50, 500


class Usual:
    """The usual keys of one pass over a list.

    Args:
        before: those of the last full read, by path.
        vanished: those that had vanished by then.
        is_full: whether the pass reads everything; else it can only tell which of the vanished came back.
    """

    def __init__(self, before: Iterable[str], vanished: Iterable[str], is_full: bool) -> None:
        self._is_full = is_full
        self._records = 0
        self._tally = Counter[str]()
        self._unmet = {*before}
        self._missing = {path: Watch(path) for path in vanished}

    def see(self, record: Struct, root: Node) -> None:
        """Take in a record, decoded by the tree at `root`."""
        self._records += 1
        if self._missing:
            self._look_for_missing(record)
        if self._is_full and (self._records <= FIRST or self._records % EACH == 0):
            self._sample(record, root)

    def missing(self) -> list[str]:
        """Usual keys that no record had; only once a full pass has ended, they have vanished."""
        return sorted(self._missing)

    def paths(self) -> list[str]:
        """What is usual once a full pass has ended. A key whose object never came is what it was."""
        usual = {path for path, count in self._tally.items() if 2 * count >= self._tally[object_of(path)]}
        untold = {path for path in self._unmet if not self._tally[object_of(path)]}
        return sorted(path for path in usual | untold if not path.endswith("."))

    def _look_for_missing(self, record: Struct) -> None:
        for path in [path for path, watch in self._missing.items() if watch.count(record)]:
            del self._missing[path]
            self._unmet.discard(path)

    def _sample(self, record: Struct, root: Node) -> None:
        found = {*paths_of(record, root)}
        self._tally.update(found)
        self._unmet -= found
        for path in self._unmet - self._missing.keys():
            if object_of(path) in found:
                self._missing[path] = Watch(path)

"""Which keys the records of a list have, against those that are known.

Nearly every record is as the specification says, and is decoded by a decoder that takes nothing else (fields.py). What
that refuses is looked at key by key (learning.py); what is otherwise than known is noted, counted, and known from then
on. What becomes of a record hangs on none of this.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import msgspec

from servicetitan_mirror.entities import Entity
from servicetitan_mirror.reading.fields import ITEM, Node, decoder, known_fields, tree
from servicetitan_mirror.reading.learning import Learned, type_of
from servicetitan_mirror.reading.paths import ANY, Watch
from servicetitan_mirror.reading.usual import Usual

Change = Literal["new", "retyped", "vanished"]
LONGEST = 2**20  # characters of a record; a longer one would take much memory for a moment, and is not looked at
FRUITLESS = 50  # records that are looked at in vain, after which a list's odd records are looked at no more
_values = msgspec.json.Decoder()


class Drift(NamedTuple):
    """A key that is otherwise than known: its type by JSON and by the specification, and how many records have it so.

    Of one that has vanished: how many records have it not.
    """

    change: Change
    path: str
    type: str | None
    known_type: str | None
    records: int

    @property
    def of(self) -> tuple[Change, str]:
        """What tells it from others of the list."""
        return self.change, self.path


class Before(NamedTuple):
    """What earlier syncs have seen of a list: the paths that are usual, and what is otherwise than known."""

    usual: frozenset[str] = frozenset()
    open: tuple[Drift, ...] = ()


class Keys:
    """The keys of a list's records while it is read, pass by pass.

    Args:
        entity: what the records are.
        is_full: whether everything is read.
        before: what earlier syncs have seen.
    """

    def __init__(self, entity: Entity, is_full: bool, before: Before) -> None:
        self._is_full = is_full
        self._before = before
        self._types = known_fields(entity)
        self._odd: dict[str, Node] = {}
        self._learned: Learned | None = None  # its tree takes a millisecond, which an idle sync need not wait for
        self._decode: Callable[[str], Any]
        self._fruitless = 0
        self.begin_pass()

    def begin_pass(self) -> None:
        """The list is read, or read again, from its beginning."""
        self._records = 0
        self._watched = {path: Watch(path, node.expected) for path, node in self._odd.items()}
        self._usual = Usual(self._before.usual, self._paths("vanished"), self._is_full)

    def read(self, text: str) -> Any:
        """The record with the attributes of HEAD; None where it cannot be read that way, and is to be otherwise."""
        if len(text) > LONGEST:
            return None
        learned = self._learned or self._begin()
        try:
            record = self._decode(text)
        except (msgspec.MsgspecError, RecursionError):
            if (record := self._read_odd(text, learned)) is None:
                return None
        self._records += 1
        for watch in self._watched.values():
            watch.count(record)
        self._usual.see(record, learned.root)
        return record

    def drifts(self, whole: bool) -> list[Drift]:
        """What was otherwise than known in this pass. Only of a whole list can be told what has vanished."""
        met = [self._drift(path, watch.records) for path, watch in self._watched.items() if watch.records]
        gone = self._usual.missing() if whole and self._records else []
        return [*met, *(Drift("vanished", path, None, self._types.get(path), self._records) for path in gone)]

    def ended(self, whole: bool) -> list[tuple[Change, str]]:
        """What was otherwise than known before and is no more, as far as this pass can tell."""
        back = self._paths("vanished") - {*self._usual.missing()}
        met = {drift.of for drift in self.drifts(whole)}
        over = [drift.of for drift in self._before.open if drift.change != "vanished" and drift.of not in met]
        return [*(("vanished", path) for path in sorted(back)), *(over if whole and self._records else [])]

    def usual(self) -> list[str]:
        """The paths that are usual, once a whole list was read."""
        return self._usual.paths()

    def _paths(self, change: Change) -> set[str]:
        return {drift.path for drift in self._before.open if drift.change == change}

    def _begin(self) -> Learned:
        self._learned = Learned(tree(self._types), self._odd)
        self._decode = decoder(self._learned.root)
        return self._learned

    def _drift(self, path: str, records: int) -> Drift:
        node = self._odd[path]
        change: Change = "retyped" if node.expected else "new"
        type = None if path.endswith(ANY) else type_of(node)
        return Drift(change, path, type, self._types.get(path.removesuffix(ITEM)), records)

    def _read_odd(self, text: str, learned: Learned) -> Any:
        """Learn what is otherwise than known in a record, and read it then."""
        record: Any = None
        try:
            values = _values.decode(text) if self._fruitless < FRUITLESS else None
            if not (isinstance(values, dict) and learned.learn(values)):
                self._fruitless += 1  # it is no key that is wrong with it
                return None
            self._decode = decoder(learned.root)
            record = self._decode(text)
        except (msgspec.MsgspecError, RecursionError):
            pass
        for path in self._odd.keys() - self._watched.keys():
            self._watched[path] = Watch(path, self._odd[path].expected)
            self._watched[path].records = int(record is None)  # else it is counted with its record
        return record

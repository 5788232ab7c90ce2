"""The records: each one is its finished JSON text plus four index columns, kept in id order.

    Store.tables["customers"] -> Table(ids, bodies, created, modified, active)

A page of a list is a slice of positions and a join of texts. Numbers keep their exact text (`25.1700000000`) when a
row is read and written again. The index columns hold ticks; a row whose text is hostile keeps its old index.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterator
from typing import Any

import msgspec

from . import clock
from .form import USUAL, Form, Row

__all__ = ["Row", "Store", "Table", "decode", "encode"]

encode = msgspec.json.Encoder().encode
_decoder = msgspec.json.Decoder(float_hook=lambda number: msgspec.Raw(number.encode()))
CACHED_SELECTIONS = 8


def decode(text: bytes) -> Any:
    """JSON to Python; numbers with decimals stay texts (msgspec.Raw). Raises msgspec.DecodeError."""
    return _decoder.decode(text)


class Table:
    """One list's records in columns, sorted by id; `deleted` has those that only its export feed still shows.

    `changes` is the order of all of them by their latest change, as long as nothing changes; feeds keep it.
    """

    def __init__(self, deleted: Table | None = None, form: Form = USUAL) -> None:
        self.deleted = deleted
        self.form = form
        self.changes: list[Any] | None = None
        self.ids = array("q")
        self.bodies: list[bytes] = []
        self.created = array("q")
        self.modified = array("q")
        self.active = bytearray()
        self.selections: dict[Hashable, list[int]] = {}

    def __len__(self) -> int:
        return len(self.ids)

    def __contains__(self, record_id: int) -> bool:
        return self._find(record_id) is not None

    def append(self, row: Row, created: int, modified: int) -> None:
        """Adds a new record; fast when its id is above all others, as new ids are."""
        if self.ids and row["id"] <= self.ids[-1]:
            return self.put(row["id"], row)
        self.add(row["id"], row, created, modified, row.get("active", True))

    def add(self, number: int, row: Row, created: int, modified: int, active: bool) -> None:
        """Adds a record under a number that is above all others."""
        self._change()
        self.ids.append(number)
        self.bodies.append(encode(row))
        self.created.append(created)
        self.modified.append(modified)
        self.active.append(active)

    def position(self, record_id: int) -> int:
        """Raises KeyError when there is no such record."""
        found = self._find(record_id)
        if found is None:
            raise KeyError(record_id)
        return found

    def row(self, record_id: int) -> Row:
        """Raises KeyError for an unknown id, msgspec.DecodeError for a row that is not JSON."""
        row: Row = decode(self.bodies[self.position(record_id)])
        return row

    def rows(self) -> Iterator[Row]:
        """Every record that is a JSON object, in id order."""
        return (row for row in map(self.readable, range(len(self))) if row is not None)

    def readable(self, position: int) -> Row | None:
        """The row at a position, None when it is not a JSON object."""
        try:
            row = decode(self.bodies[position])
        except msgspec.DecodeError:
            return None
        return row if isinstance(row, dict) else None

    def put(self, record_id: int, row: Row) -> None:
        """Writes a changed or new record and takes its index from its own fields."""
        at, row = self.insert(record_id, encode(row)), self.form.dated(row)
        self.created[at] = _moment(row.get("createdOn"), self.created[at])
        never_modified = row.get("modifiedOn", "") is None
        self.modified[at] = self.created[at] if never_modified else _moment(row.get("modifiedOn"), self.modified[at])
        self.active[at] = bool(row.get("active", self.active[at]))

    def insert(self, record_id: int, body: bytes) -> int:
        """Puts a literal row text at its id's place, whatever it holds, and returns the position."""
        self._change()
        self._forget_deleted(record_id)
        at = bisect_left(self.ids, record_id)
        if at < len(self.ids) and self.ids[at] == record_id:
            self.bodies[at] = body
            return at
        self.ids.insert(at, record_id)
        self.bodies.insert(at, body)
        self.created.insert(at, clock.NEVER)
        self.modified.insert(at, clock.NEVER)
        self.active.insert(at, True)
        return at

    def remove(self, record_id: int) -> None:
        """Without a trace. Raises KeyError for an unknown id."""
        self._change()
        if self._forget_deleted(record_id):
            return
        at = self.position(record_id)
        for column in (self.ids, self.bodies, self.created, self.modified, self.active):
            del column[at]

    def bury(self, record_id: int, row: Row) -> None:
        """The record is gone from the list; its feed shows the row instead."""
        self.remove(record_id)
        if self.deleted is not None:
            self.deleted.put(record_id, row | {"active": False})

    def remember(self, key: Hashable, positions: list[int]) -> None:
        """Keeps a selection until the next change, so that the pages of one query are found once."""
        if len(self.selections) >= CACHED_SELECTIONS:
            self.selections.pop(next(iter(self.selections)))
        self.selections[key] = positions

    def _change(self) -> None:
        self.selections.clear()
        self.changes = None

    def _forget_deleted(self, record_id: int) -> bool:
        """Whether there was a deleted record of this id."""
        known = self.deleted is not None and record_id in self.deleted
        if known and self.deleted is not None:
            self.deleted.remove(record_id)
        return known

    def _find(self, record_id: int) -> int | None:
        at = bisect_left(self.ids, record_id)
        return at if at < len(self.ids) and self.ids[at] == record_id else None


def _moment(value: object, otherwise: int) -> int:
    try:
        return clock.ticks(value) if isinstance(value, str) else otherwise
    except ValueError:
        return otherwise


class Store:
    """All tables by name; those of the custom fields are named `custom_fields/<owner>`."""

    def __init__(self, names: list[str], traced: list[str]) -> None:
        self.tables = {name: Table(Table() if name in traced else None) for name in names}
        self.make: Callable[[str], Table] | None = None

    def __getitem__(self, name: str) -> Table:
        """A table; that of an optional list is made when it is first asked for. KeyError for an unknown name."""
        if name not in self.tables and self.make:
            self.tables[name] = self.make(name)
        return self.tables[name]

    def total(self) -> int:
        """The number of all records that there are so far."""
        return sum(len(table) for table in self.tables.values())

"""One call of an export feed: what changed since a date or a token, oldest change first, deleted rows among it.

    parse(endpoint, parameters, settings) -> Wish -> answer(table, wish, now, settings) -> {hasMore, continueFrom, data}

Documented: the envelope, a token on every answer, new changes 15 minutes late unless `includeRecentChanges=true`, which
may repeat them. The size of a batch and the form of a token are not.
"""

from __future__ import annotations

import base64
from bisect import bisect_right
from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from .. import clock
from ..endpoints import Endpoint
from ..settings import Settings
from ..store import Table
from .errors import invalid
from .parameters import Reader

END_OF_TIME = 1 << 62


class Place(NamedTuple):
    """A place in the order of changes: behind the row that was modified then (ticks) and has this id."""

    modified: int = -1
    id: int = -1


class Token(msgspec.Struct, array_like=True):
    """What `continueFrom` stands for; `rested`: the batch before it was an empty one."""

    feed: str
    place: Place = Place()
    rested: bool = False


class Wish(NamedTuple):
    """One call: where to go on, and whether the newest changes are wanted."""

    start: Token
    recent: bool


def parse(endpoint: Endpoint, parameters: Mapping[str, str]) -> Wish:
    """Raises ApiError(400) that names `from` or `includeRecentChanges`."""
    reader = Reader(parameters)
    recent = bool(reader.choice("includeRecentChanges", {"true": True, "false": False}, False))
    start = _start(endpoint.table, reader.text("from"))
    if start is None:
        reader.complain("from")
    if start is None or reader.problems:
        raise invalid(reader.problems)
    return Wish(start, recent)


def _start(feed: str, text: str) -> Token | None:
    """From the beginning, from a date on (inclusive), or where a token of this feed says; None for anything else."""
    if not text:
        return Token(feed)
    try:
        return Token(feed, Place(clock.ticks(text) - 1, END_OF_TIME))
    except ValueError:
        token = _read(text)
    return token if token and token.feed == feed else None


def answer(table: Table, wish: Wish, now: int, settings: Settings) -> dict[str, object]:
    """The envelope; the rows of a feed that also shows deleted ones have `active` besides the list's fields."""
    start, settled = wish.start, now - int(settings.export_lag * clock.SECOND)
    if settings.export_empty_batches and not start.rested:
        return _envelope(True, Token(start.feed, start.place, rested=True), [])
    until = Place(END_OF_TIME if wish.recent else settled, END_OF_TIME)
    changes, size = _changes(table), settings.export_batch_size
    first, end = (bisect_right(changes, place, key=_place) for place in (start.place, until))
    batch, more = changes[first : min(first + size, end)], end - first > size
    place = batch[-1].place if batch else start.place
    if wish.recent and not more:
        place = min(place, Place(settled, END_OF_TIME))  # what is newer is shown again
    traced = table.deleted is not None
    rows = [_row(change) if traced else change.table.bodies[change.at] for change in batch]
    return _envelope(more, Token(start.feed, place), rows)


class Change(NamedTuple):
    """One row of a feed, and the table that holds it."""

    place: Place
    at: int
    table: Table


def _changes(table: Table) -> list[Change]:
    """All rows, oldest change first; kept until the table changes."""
    if table.changes is None:
        parts = [table, table.deleted] if table.deleted else [table]
        found = [
            Change(place, at, part) for part in parts for at, place in enumerate(map(Place, part.modified, part.ids))
        ]
        table.changes = sorted(found, key=_place)
    return table.changes


def _place(change: Change) -> Place:
    return change.place


def _row(change: Change) -> bytes:
    """The row's text, `active` added at its end where it is not there yet."""
    body, row = change.table.bodies[change.at], change.table.readable(change.at)
    return body if row is None or "active" in row else body.rstrip()[:-1] + b',"active":true}'


def _envelope(more: bool, token: Token, rows: list[bytes]) -> dict[str, object]:
    data = msgspec.Raw(b"[%b]" % b",".join(rows))
    return {"hasMore": more, "continueFrom": _write(token), "data": data}


def _write(token: Token) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(token)).decode()


def _read(text: str) -> Token | None:
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(text), type=Token)
    except ValueError:
        return None

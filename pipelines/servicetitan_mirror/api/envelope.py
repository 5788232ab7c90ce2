"""A page as ServiceTitan wraps it, read so that one odd thing in it costs one record at most.

What the server says of itself (`page`, `pageSize`, `totalCount`) is taken as a hint and may be anything; only
`hasMore` and `data` have to be what the API documents, for without them nobody can tell where a list ends.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from servicetitan_mirror.api.repair import cut_apart, repaired
from servicetitan_mirror.api.whole_numbers import whole_number


class Envelope(msgspec.Struct, kw_only=True):
    """One page. `data` keeps each record's own bytes, so that every digit survives; feeds have `continueFrom`."""

    hasMore: bool
    data: list[msgspec.Raw]
    pageSize: object = None
    totalCount: object = None
    continueFrom: object = None

    @property
    def total(self) -> int | None:
        """How many records the whole list holds by the server's word; None where it gives none."""
        total = whole_number(self.totalCount)
        return total if total is not None and total >= 0 else None

    @property
    def page_size(self) -> int:
        """The page size that the server says it granted, 0 where it says none."""
        return max(whole_number(self.pageSize) or 0, 0)


class OneAnswer(Envelope, kw_only=True):
    """The only answer of a list that has no pages: there is no more, unless it says so."""

    hasMore: bool = False


_pages = msgspec.json.Decoder(Envelope)
_only_answers = msgspec.json.Decoder(OneAnswer)
_bare = msgspec.json.Decoder(list[msgspec.Raw])
_values = msgspec.json.Decoder()


def read_envelope(body: bytes | bytearray, is_paged: bool = True) -> Envelope:
    """The page in an answer; a record in it that is no JSON is among its `data` all the same.

    Where the list has no pages, the answer may also be the records alone.

    Raises:
        msgspec.ValidationError: it is JSON, but no page.
        msgspec.DecodeError: it is no JSON, or was cut short.
    """
    decode = _pages.decode if is_paged else _decode_only_answer
    try:
        return decode(body)
    except msgspec.ValidationError:
        raise
    except (msgspec.DecodeError, RecursionError):
        text = repaired(body)
    try:
        return decode(text)
    except msgspec.ValidationError:
        raise
    except (msgspec.DecodeError, RecursionError):
        return _cut_apart(text, decode)


def _decode_only_answer(body: bytes | bytearray | str) -> Envelope:
    try:
        return _only_answers.decode(body)
    except msgspec.ValidationError:
        if body.lstrip()[:1] not in (b"[", "["):
            raise
        return OneAnswer(data=_bare.decode(body))


def _cut_apart(text: str, decode: Callable[[str], Envelope]) -> Envelope:
    """The page with as many whole records as can be told apart."""
    found: list[tuple[int, Envelope]] = []
    for rest, records in cut_apart(text):
        try:
            envelope = decode(rest)
        except msgspec.MsgspecError:
            continue
        envelope.data = [msgspec.Raw(record.encode()) for record in records]
        found.append((sum(map(_is_whole, envelope.data)), envelope))
    if not found:
        raise msgspec.DecodeError("it is not JSON")
    return max(found, key=lambda each: each[0])[1]


def _is_whole(record: msgspec.Raw) -> bool:
    try:
        _values.decode(record)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True

"""Record → row: tolerant where a record is odd, and lossless in what is kept.

A row lands as (tenant_id, [entity_type,] id, modified_on, deleted_at, record). `record` is the record's own text, so
that every digit and the order of its keys survive; only what PostgreSQL cannot store is replaced (repair.py).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec
import pyarrow as pa

from servicetitan_mirror.api.repair import after_key, storable
from servicetitan_mirror.api.whole_numbers import LARGEST, SMALLEST, whole_number
from servicetitan_mirror.clock import parse_instant
from servicetitan_mirror.entities import Endpoint, Entity
from servicetitan_mirror.reading.keys import Keys
from servicetitan_mirror.reading.told_apart import number_of

INSTANT = pa.timestamp("us", "UTC")
LONGEST_ID = 100  # characters that are kept of an id that is none
_SCALAR = re.compile(rf'\s*("[^"\\]{{1,{LONGEST_ID}}}"|-?[0-9.eE+-]{{1,{LONGEST_ID}}})\s*[,}}]')
_NOTHING = msgspec.Raw(b"null")


class Head(msgspec.Struct):
    """The few values that are needed of any record, each in whatever form it has."""

    id: msgspec.Raw
    createdOn: msgspec.Raw = _NOTHING
    modifiedOn: msgspec.Raw = _NOTHING
    active: msgspec.Raw = _NOTHING


class PlainHead(msgspec.Struct):
    """The same where the id is a number, as in nearly every record: it is read twice as fast."""

    id: int
    createdOn: object = None
    modifiedOn: object = None
    active: object = None


@dataclass(frozen=True)
class Row:
    """A record that can land.

    Attributes:
        id: its own.
        created_on: when it was created, by its own word; None if it does not say.
        modified_on: when it was last changed, by its own word; None if it does not say.
        record: its text.
        active: whether it calls itself active, or says nothing of it.
        deleted_at: when it was deleted, where a feed says that it was.
    """

    id: int
    created_on: datetime | None
    modified_on: datetime | None
    record: str
    active: bool = True
    deleted_at: datetime | None = None


@dataclass(frozen=True)
class Rejected:
    """A record that cannot land.

    Attributes:
        record: its text as it came.
        reason: why it cannot land, as the end of a sentence that begins with the record.
        id: the text of its id as it came, LONGEST_ID characters at most; None if it has none.
    """

    record: str
    reason: str
    id: str | None = None

    @property
    def whole_id(self) -> int | None:
        """Its id where that can be read; without it the record may be any that is missing."""
        return whole_number(self.id)

    @property
    def fingerprint(self) -> str:
        """What tells it apart: its id, or its whole text where it has none."""
        told_by = self.record if self.id is None else f"id {self.id}"
        return hashlib.sha256(told_by.encode()).hexdigest()

    @property
    def text(self) -> str:
        """Its text as every database takes it."""
        return self.record.replace("\0", "\ufffd")


_plain_heads = msgspec.json.Decoder(PlainHead)
_heads = msgspec.json.Decoder(Head)
_values = msgspec.json.Decoder()


def read_record(raw: bytes, keys: Keys | None = None, endpoint: Endpoint | None = None) -> Row | Rejected:
    """One record of a page, shown to `keys`. Never raises: what cannot land comes back as Rejected.

    Of a list whose records have no id, the number of what tells them apart stands for it.
    """
    text = storable(raw)
    if endpoint and (endpoint.told_by or endpoint.dated_in):
        return _read_unusual_record(text, keys, endpoint)
    try:
        head = keys.read(text) if keys else None  # not `raw`, which is no valid JSON with a lone surrogate in it
        head = head or _plain_heads.decode(text)
    except (msgspec.MsgspecError, RecursionError):
        return _read_odd_record(text)
    if type(head.id) is not int:
        return _read_odd_record(text)
    return _row(head.id, head.createdOn, head.modifiedOn, head.active, text)


def _read_unusual_record(text: str, keys: Keys | None, endpoint: Endpoint) -> Row | Rejected:
    try:
        if keys:
            keys.read(text)
        record = _values.decode(text)
    except (msgspec.MsgspecError, RecursionError):
        return _read_odd_record(text)
    if not isinstance(record, dict):
        return Rejected(text, "it is not an object")
    number = number_of(record, endpoint.told_by) if endpoint.told_by else whole_number(record.get("id"))
    if number is None:
        needed = " or ".join(endpoint.told_by or ["id"])
        return Rejected(text, f"it has no {needed} to tell it by", _outer_id(text))
    dated = record.get(endpoint.dated_in) if endpoint.dated_in else record
    dated = dated if isinstance(dated, dict) else {}
    return _row(number, dated.get("createdOn"), dated.get("modifiedOn"), dated.get("active"), text)


def _read_odd_record(text: str) -> Row | Rejected:
    try:
        head = _heads.decode(text)
    except msgspec.ValidationError:
        return Rejected(text, "it has no id" if text.lstrip().startswith("{") else "it is not an object")
    except (msgspec.DecodeError, RecursionError) as error:
        reason = "it is not JSON" if isinstance(error, ValueError) else "it is nested too deeply"
        return Rejected(text, reason, _outer_id(text))
    value, written = _value(head.id), bytes(head.id).decode()
    written = value if isinstance(value, str) else written
    known = whole_number(written)
    if known is not None:
        return _row(known, _value(head.createdOn), _value(head.modifiedOn), _value(head.active), text)
    if written == "null":
        return Rejected(text, "it has no id")
    return Rejected(text, "its id is not an integer", written[:LONGEST_ID])


def _value(raw: msgspec.Raw) -> object:
    """A decoded value; None for a number that is out of every range."""
    try:
        return _values.decode(raw)
    except msgspec.MsgspecError:
        return None


def _row(known: int, created_on: object, modified_on: object, active: object, text: str) -> Row | Rejected:
    if not SMALLEST <= known <= LARGEST:
        return Rejected(text, "its id is not a 64-bit integer", str(known)[:LONGEST_ID])
    return Row(known, parse_instant(created_on), parse_instant(modified_on), text, active is not False)


def _outer_id(text: str) -> str | None:
    """The id in a record that cannot be read as a whole."""
    at = after_key(text, "id")
    found = _SCALAR.match(text, at) if at is not None else None
    return found.group(1).strip('"') if found else None


def arrow_schema(entity: Entity) -> pa.Schema:
    """The columns of an entity's rows as they land, in the table's order."""
    owner = [pa.field("entity_type", pa.string(), nullable=False)] if entity.has_owners else []
    return pa.schema(
        [
            pa.field("tenant_id", pa.int64(), nullable=False),
            *owner,
            pa.field("id", pa.int64(), nullable=False),
            pa.field("modified_on", INSTANT),
            pa.field("deleted_at", INSTANT),
            pa.field("record", pa.string(), nullable=False),
        ]
    )


def to_arrow(entity: Entity, tenant_id: int, owner: str | None, rows: Iterable[Row]) -> pa.Table:
    """Rows as a table, with the columns of `arrow_schema`.

    tenant_id    int64      the tenant
    entity_type  string     the list's owner; only where the entity has owners
    id           int64      the record's id
    modified_on  timestamp  when it was last changed, UTC, microseconds; may be null
    deleted_at   timestamp  when it was deleted, where a feed says so, UTC, microseconds; else null
    record       string     its JSON text
    """
    rows = list(rows)
    values: dict[str, Callable[[Row], object]] = {
        "tenant_id": lambda row: tenant_id,
        "entity_type": lambda row: owner,
        "id": lambda row: row.id,
        "modified_on": lambda row: row.modified_on,
        "deleted_at": lambda row: row.deleted_at,
        "record": lambda row: row.record,
    }
    schema = arrow_schema(entity)
    return pa.table(
        [pa.array(map(values[name], rows), schema.field(name).type) for name in schema.names], schema=schema
    )

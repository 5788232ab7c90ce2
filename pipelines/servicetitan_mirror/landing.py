"""Record → landed row: tolerant where a record is odd, and lossless in what is kept.

A landed row is (tenant_id, [entity_type,] id, modified_on, deleted_at, record). `record` is the record's own
text, so that every digit and key order survives; only what PostgreSQL cannot store is replaced: NUL
characters and lone surrogates become U+FFFD.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec
import pyarrow as pa

from servicetitan_mirror.clock import parse_instant
from servicetitan_mirror.entities import Entity

INSTANT = pa.timestamp("us", "UTC")
LARGEST_ID = 2**63 - 1
REPLACEMENT = "\\ufffd"
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
# An escape that PostgreSQL's jsonb refuses: NUL, or a surrogate without its other half. The first two
# alternatives step over escaped backslashes and whole pairs.
_ESCAPES = re.compile(
    r"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(?P<bad>\\u0000|\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)


class Head(msgspec.Struct):
    """What the landing itself needs of a record."""

    id: int
    createdOn: object = None
    modifiedOn: object = None


@dataclass(frozen=True)
class Row:
    """A record that lands."""

    id: int
    created_on: datetime | None
    modified_on: datetime | None
    record: str


@dataclass(frozen=True)
class Rejected:
    """A record that cannot land: its text as it came, why, and its id's text as it came where it has one."""

    record: str
    reason: str
    id: str | None = None


_heads = msgspec.json.Decoder(Head)


def read_record(raw: bytes) -> Row | Rejected:
    """One record of a page. Never raises: what cannot land comes back as Rejected."""
    text = to_text(raw)
    try:
        head = _heads.decode(text)  # not of `raw`, which is no valid JSON with a lone surrogate in it
    except msgspec.MsgspecError:
        return Rejected(text, _reason(text))
    if not -LARGEST_ID <= head.id <= LARGEST_ID:
        return Rejected(text, "its id is not a 64-bit integer")
    return Row(head.id, parse_instant(head.createdOn), parse_instant(head.modifiedOn), text)


def to_text(raw: bytes) -> str:
    """The record's JSON text with what PostgreSQL refuses replaced by U+FFFD."""
    text = raw.decode("utf-8", errors="replace")
    if "\\u" not in text:
        return text
    return _ESCAPES.sub(lambda match: REPLACEMENT if match.group("bad") else match.group(), text)


def repair(body: bytes) -> bytes:
    """An answer with what JSON itself does not allow in a text replaced by U+FFFD."""
    return _CONTROLS.sub("\ufffd", to_text(body)).encode()


def _reason(text: str) -> str:
    try:
        record = msgspec.json.decode(text)
    except msgspec.MsgspecError:
        return "it is not JSON"
    if not isinstance(record, dict):
        return "it is not an object"
    return "it has no id" if record.get("id") is None else "its id is not an integer"


def arrow_schema(entity: Entity) -> pa.Schema:
    """The landed columns of an entity, in the table's order."""
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
    """The rows of a page as dlt takes them. `deleted_at` is null: a record that is listed is not deleted."""
    rows = list(rows)
    values: dict[str, Callable[[Row], object]] = {
        "tenant_id": lambda row: tenant_id,
        "entity_type": lambda row: owner,
        "id": lambda row: row.id,
        "modified_on": lambda row: row.modified_on,
        "deleted_at": lambda row: None,
        "record": lambda row: row.record,
    }
    schema = arrow_schema(entity)
    return pa.table(
        [pa.array(map(values[name], rows), schema.field(name).type) for name in schema.names], schema=schema
    )

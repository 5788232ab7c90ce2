"""A page of a list → tables of the rows that are new in it, for the loader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pyarrow as pa

from servicetitan_mirror.api.client import Answer
from servicetitan_mirror.reading.keys import Keys
from servicetitan_mirror.reading.proof import Pass
from servicetitan_mirror.reading.protected import protected
from servicetitan_mirror.reading.records import Rejected, Row, read_record, to_arrow
from servicetitan_mirror.reading.task import Task

LARGEST_TABLE = 4 * 2**20  # characters of records after which a page goes on in another table


def tables_of(
    answer: Answer, task: Task, tenant_id: int, seen: Pass, earlier: Sequence[Pass], keys: Keys | None = None
) -> Iterator[pa.Table]:
    """The page's records that neither an earlier page of this pass held nor an `earlier` pass.

    `seen` hears of all records, and so do `keys`.
    """
    seen.begin_page(answer)
    rows, size = list[Row](), 0
    for raw in answer.envelope.data:
        record = read_record(bytes(raw), keys, task.endpoint)
        if answer.protection:
            record = protected(record, task.entity, answer.protection)
        if isinstance(record, Rejected):
            seen.reject(record)
        elif seen.add(record) and not any(record.id in other.ids for other in earlier):
            rows.append(_deleted_by_feed(record, task, answer))
            size += len(record.record)
        if size > LARGEST_TABLE:
            yield to_arrow(task.entity, tenant_id, task.endpoint.owner, rows)
            rows, size = [], 0
    seen.end_page()
    if rows:
        yield to_arrow(task.entity, tenant_id, task.endpoint.owner, rows)


def _deleted_by_feed(row: Row, task: Task, answer: Answer) -> Row:
    """The row, deleted where a feed says so: what is not `active` there is no longer listed."""
    if row.active or not task.reads_feed or task.endpoint.shows_inactive:
        return row
    return replace(row, deleted_at=row.modified_on or answer.sent_at)

"""A list compared with what has landed of it: all of it, or its total and a page or two.

What the next sync reads anyhow is no finding: a record that was changed since the list's cursor, less the overlap. So a
change that happens meanwhile is none either. Nor is a record that cannot land, which st_rejected_records names.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import psycopg2
import pyarrow as pa
import pyarrow.compute as pc
from psycopg2.extensions import connection as Connection
from pyarrow.csv import WriteOptions, write_csv

from servicetitan_mirror.api.calls import Calls
from servicetitan_mirror.api.client import Client
from servicetitan_mirror.operation.findings import Found
from servicetitan_mirror.operation.page import Page
from servicetitan_mirror.postgres.warehouse import RAW, query
from servicetitan_mirror.raw import deletions
from servicetitan_mirror.reading.paging import Paging
from servicetitan_mirror.reading.reader import Reader
from servicetitan_mirror.reading.task import Task

PASSES = 3  # over a total that does not agree: something may have changed between two calls
REST = 1.5  # seconds before the next one
COLUMNS = ["id", "modified_on", "record"]


class Lists:
    """Compares lists with what has landed of them.

    Args:
        connection: the one that holds the sync's lock, so that no sync lands anything meanwhile.
        client: makes the calls.
        refused: by the name of an entity, owner and id of records that are known not to land.
    """

    def __init__(self, connection: Connection, client: Client, refused: dict[str, frozenset[tuple[str, int]]]) -> None:
        self._connection = connection
        self._client = client
        self._refused = refused
        query(connection, _TABLES)

    def compare(self, task: Task, before: datetime, deep: bool) -> Found:
        """What differs in a list, of what was last changed before a moment.

        Raises:
            EndpointError: the list cannot be read.
            Stopped: the client is stopping.
        """
        found = Found(task)
        everything = replace(task, since=None, refused={*task.refused})
        changes = replace(task, since=before, refused={*task.refused})
        if deep or not task.endpoint.dated:
            self._read(everything, before, found)
            if found.extra and changes.reads_feed:
                found.extra -= self._changed(changes)[1]
        else:
            self._sample(everything, changes, found)
        found.landed = dict(query(self._connection, "select id, kind from found where list = %s", (task.name,)))
        return found

    def still(self, task: Task) -> set[int]:
        """The ids that were found and have not landed since as they were found, or as they were changed later."""
        still = (
            f"select came.id from found as came {_landed(task)} where list = %(list)s and {_differs(task)} {_NOT_NEWER}"
        )
        return {id for (id,) in query(self._connection, still, self._values(task))}

    def alive(self, task: Task, ids: Iterable[int] | None = None) -> set[int]:
        """The ids that have landed and are not deleted, all or those of `ids`."""
        some = "" if ids is None else "and id = any(%(ids)s)"
        alive = f"select id from {RAW}.{task.entity.name} where {_scope(task)} {some}"
        return {id for (id,) in query(self._connection, alive, {**self._values(task), "ids": [*(ids or ())]})}

    def _read(self, task: Task, before: datetime, found: Found) -> None:
        """Read the whole list."""
        reader = Reader(task, self._client)
        for tables in reader.read():
            for table in tables:
                self._compare_page(task, table, before)
        found.source_total, found.read = len(reader.ids) + reader.unreadable, frozenset(reader.ids)
        found.notes += reader.notes
        unlisted = deletions.unlisted(self._connection, self._client.tenant_id, reader)
        if isinstance(unlisted, str):
            found.notes.append(unlisted.replace("marked as deleted", "taken for extra"))
        else:
            found.extra.update(unlisted)

    def _sample(self, task: Task, changes: Task, found: Found) -> None:
        """Read its first page, another one, and what has changed: by all that it has a total that is right or wrong."""
        before, paging = changes.since or datetime.min, Paging(self._client, task, Calls())
        first = Page(paging, task, self._client.tenant_id, 1)
        pages = [first]
        if last := first.pages_in_all() - 1:
            pages.append(Page(paging, task, self._client.tenant_id, 2 + random.randrange(last)))
        found.compared = []
        for page in pages:
            for table in page.tables:
                self._compare_page(task, table, before)
            found.compared += page.ids
            found.extra |= self._extra_in(task, page)
        found.source_total = first.total
        if found.extra and changes.reads_feed:
            found.extra -= self._changed(changes)[1]
        self._weigh(paging, changes, found)

    def _compare_page(self, task: Task, table: pa.Table, before: datetime) -> None:
        values = {**self._values(task), "before": before}
        there = table.filter(pc.is_null(table["deleted_at"]))  # of what a feed calls deleted nothing should be here
        query(self._connection, "truncate came")
        self._copy(there.select(COLUMNS))
        query(
            self._connection,
            f"""
            insert into found
            select %(list)s, came.*, {_KIND} from came {_landed(task)}
            where coalesce(came.modified_on < %(before)s, true) and came.id <> all(%(refused)s) and {_differs(task)}
            on conflict do nothing
            """,
            values,
        )

    def _copy(self, table: pa.Table) -> None:
        rows = io.BytesIO()
        write_csv(table, rows, WriteOptions(include_header=False, quoting_style="needed"))
        try:
            with self._connection.cursor() as cursor:
                cursor.copy_expert("copy came from stdin (format csv)", io.BytesIO(rows.getvalue()))
        except psycopg2.DataError:  # a record that jsonb cannot hold, which a sync rejects
            if table.num_rows > 1:
                half = table.num_rows // 2
                self._copy(table.slice(0, half))
                self._copy(table.slice(half))

    def _extra_in(self, task: Task, page: Page) -> set[int]:
        """The ids between those of a page that the page does not hold."""
        if page.span is None:
            return set()
        low, high = page.span
        between = f"select id from {RAW}.{task.entity.name} where {_scope(task)} and id between %(low)s and %(high)s"
        values = {**self._values(task), "low": low, "high": high}
        return {id for (id,) in query(self._connection, between, values)} - {*page.ids}

    def _weigh(self, paging: Paging, changes: Task, found: Found) -> None:
        """Find by the total how many records differ besides those that the sample has shown.

        They differ only if they do so each time: between two calls the list may have changed.
        """
        missing = "select count(*) from found where list = %s and kind = 'missing'"
        ((named,),) = query(self._connection, missing, (changes.name,))
        balance = named - len(found.extra)
        for number in range(PASSES):
            if found.source_total is None:
                found.notes.append(f"{changes.endpoint.path} names no total; --deep reads all of it")
                return
            left = found.source_total - self._expected(changes) - balance
            if not left:
                return
            if number < PASSES - 1:
                self._client.pause(REST)
                found.source_total = Page(paging, changes, self._client.tenant_id, 1).total
        found.unnamed = {"missing": left} if left > 0 else {"extra": -left}

    def _expected(self, changes: Task) -> int:
        """How many records the list should hold: those that have landed, and what has changed since then."""
        came, gone = self._changed(changes)
        ((alive, rejected),) = query(self._connection, _alive_and_rejected(changes), self._values(changes))
        return int(alive) + int(rejected) + len(came - self.alive(changes, came)) - len(self.alive(changes, gone))

    def _changed(self, changes: Task) -> tuple[set[int], set[int]]:
        """The ids of what has changed: that which is listed, and that which a feed calls deleted."""
        came, gone = set[int](), set[int]()
        for tables in Reader(changes, self._client).read():
            for table in tables:
                deleted = pc.is_valid(table["deleted_at"])
                gone.update(table.filter(deleted)["id"].to_pylist())
                came.update(table.filter(pc.invert(deleted))["id"].to_pylist())
        return came, gone

    def _values(self, task: Task) -> dict[str, object]:
        owner = task.endpoint.owner or ""
        refused = [id for of, id in self._refused.get(task.entity.name, frozenset()) if of == owner]
        named = {"list": task.name, "entity": task.entity.name, "owner": owner, "refused": refused}
        return {**named, "tenant": self._client.tenant_id}


def _scope(task: Task) -> str:
    owner = "and entity_type = %(owner)s" if task.endpoint.owner else ""
    return f"tenant_id = %(tenant)s and deleted_at is null {owner}"


def _landed(task: Task) -> str:
    owner = "and landed.entity_type = %(owner)s" if task.endpoint.owner else ""
    table = f"{RAW}.{task.entity.name}"
    return f"left join {table} as landed on landed.tenant_id = %(tenant)s and landed.id = came.id {owner}"


def _differs(task: Task) -> str:
    is_beside = task.endpoint.feed and not task.endpoint.is_feed
    feeds_own = " - 'active'" if is_beside else ""  # a key that only the rows of a feed beside the list have
    return f"""(
        landed.id is null or landed.deleted_at is not null or landed.modified_on is distinct from came.modified_on
        or landed.record{feeds_own} is distinct from came.record{feeds_own}
    )"""


def _alive_and_rejected(task: Task) -> str:
    alive = f"{RAW}.{task.entity.name} where {_scope(task)}"
    return f"""
        select (select count(*) from {alive}), (
            select count(*) from {RAW}.rejected_records as rejected
            where tenant_id = %(tenant)s and entity = %(entity)s and entity_type = %(owner)s and healed_at is null
                and (rejected.id is null or rejected.id not in (select id::text from {alive}))
        )
    """


_TABLES = """
create temporary table if not exists came (id bigint, modified_on timestamptz, record jsonb);
create temporary table if not exists found (
    list text, id bigint, modified_on timestamptz, record jsonb, kind text, primary key (list, id)
);
truncate came, found
"""
_KIND = "case when landed.id is null or landed.deleted_at is not null then 'missing' else 'stale' end"
_NOT_NEWER = "and not coalesce(landed.deleted_at is null and landed.modified_on > came.modified_on, false)"

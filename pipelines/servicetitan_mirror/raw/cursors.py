"""How far each list was read, and from where it is read next.

What a cursor is, and from where a list is read next, is in reading/cursor_rule.py.

A list is due for a full read if it was never read completely, if its full read was cut off (`full_due`, one list at a
time, so that a killed full sync goes on where it was), or if its last full read is too long ago.

A cursor is written in the transaction that also settles what it stands for. dlt's own incremental state would move with
the last record seen, whatever became of the other pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from psycopg2.extensions import connection as Connection
from psycopg2.extras import execute_values

from servicetitan_mirror.entities import Entity
from servicetitan_mirror.postgres.warehouse import RAW, query
from servicetitan_mirror.raw.rejections import PAUSE, QUICK
from servicetitan_mirror.reading.cursor_rule import read_from
from servicetitan_mirror.reading.reading import Reading
from servicetitan_mirror.reading.task import Task, tasks_of

PUNCTUAL = timedelta(seconds=30)  # syncs that come every five minutes come a little early at times


def schedule_full(connection: Connection, tenant_id: int, lists: Iterable[str]) -> None:
    """Make the lists due for a full read."""
    query(
        connection,
        f"update {RAW}.sync_cursors set full_due = true where tenant_id = %s and list = any(%s)",
        (tenant_id, [*lists]),
    )


def register(connection: Connection, tenant_id: int, entities: Iterable[Entity]) -> None:
    """Give each list of the entities that has none a cursor, which stands nowhere yet."""
    tasks = tasks_of(entities)
    with connection.cursor() as cursor:
        execute_values(
            cursor,
            f"insert into {RAW}.sync_cursors (tenant_id, list, entity) values %s on conflict do nothing",
            [(tenant_id, task.name, task.entity.name) for task in tasks],
        )


def keep_choice(connection: Connection, tenant_id: int, chosen: Mapping[str, float]) -> None:
    """Note which entities are chosen, and how many seconds each rests between two reads; of others, since when not."""
    values = {"tenant": tenant_id, "names": [*chosen], "pauses": [*chosen.values()]}
    query(connection, _CHOSEN, values)
    query(connection, _LET_GO, values)


def is_resting(task: Task, pause: float, began: datetime) -> bool:
    """Whether a list need not be read yet, `pause` seconds after it was read last."""
    if not pause or task.cursor is None or (task.since is None and task.endpoint.shows_changes):
        return False
    return began - task.cursor < timedelta(seconds=pause) - PUNCTUAL


def plan(
    connection: Connection,
    tenant_id: int,
    entities: Iterable[Entity],
    overlap: int,
    began: datetime,
    full_every: float | None = None,
) -> list[Task]:
    """The task of every list: everything where a full read is due, else the changes since its cursor. Only reads.

    A list with rejected records is read from where they can be met again.

    Args:
        overlap: seconds before its cursor from which on a list is read.
        began: when the sync began, by the server's clock.
        full_every: seconds after a complete full read until the next one is due; None for never.
    """
    tasks = tasks_of(entities)
    values = {"tenant": tenant_id, "full_every": full_every, "quick": QUICK, "pause": PAUSE}
    known = {row[0]: row[1:] for row in query(connection, _PLAN, values)}
    for task in tasks:
        task.cursor, is_due, refused, rejected_since, token = known.get(task.name, (None, True, [], None, None))
        task.refused = set(refused)
        if task.endpoint.shows_changes and task.cursor and not is_due:
            task.token = None if rejected_since else token
            since = read_from(task.cursor, began, overlap)
            task.since = min(since, rejected_since or since)
    return tasks


def advance(connection: Connection, tenant_id: int, reading: Reading, moment: datetime) -> datetime | None:
    """Move the cursor of a list that was read and loaded completely to a moment, never back; returns where it stands.

    A list that was read from later than its cursor on (`--since`) keeps it: what changed in between was not read.
    So does one of which only some ids were read.
    """
    task = reading.task
    if task.ids or (task.since and (task.cursor is None or task.since > task.cursor)):
        return task.cursor
    query(
        connection,
        f"""
        update {RAW}.sync_cursors set
            cursor = greatest(cursor, %(moment)s),
            full_due = full_due and not %(full)s,
            refused = %(refused)s,
            token = coalesce(%(token)s, token),
            full_synced_at = case when %(full)s then now() else full_synced_at end
        where tenant_id = %(tenant)s and list = %(list)s
        """,
        {
            "moment": moment,
            "full": task.is_full,
            "refused": sorted(task.refused),
            "token": reading.token,
            "tenant": tenant_id,
            "list": task.name,
        },
    )
    return max(moment, task.cursor or moment)


_CHOSEN = f"""
update {RAW}.sync_cursors as kept set let_go_at = null, pause_seconds = pause
from unnest(%(names)s::text[], %(pauses)s::double precision[]) as chosen (name, pause)
where tenant_id = %(tenant)s and entity = name and (let_go_at is not null or pause_seconds is distinct from pause)
"""
_LET_GO = f"""
update {RAW}.sync_cursors set let_go_at = now()
where tenant_id = %(tenant)s and let_go_at is null and not entity = any(%(names)s)
"""
_PLAN = f"""
with known as (
    select *, case
        when rejected_asked_at is null or rejected_asked_seconds < %(quick)s
            or now() > rejected_asked_at + make_interval(secs => %(pause)s * rejected_asked_seconds)
        then rejected_since
    end as again_since
    from {RAW}.sync_cursors where tenant_id = %(tenant)s
)
select
    list,
    cursor,
    full_due or coalesce(full_synced_at < now() - make_interval(secs => %(full_every)s), false)
        or coalesce(again_since = '-infinity', false),
    refused,
    nullif(again_since, '-infinity'),
    token
from known
"""

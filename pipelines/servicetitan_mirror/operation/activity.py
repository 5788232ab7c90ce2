"""What goes on in the mirror: what is being read, what was written when, what fails, which runs have ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from servicetitan_mirror.entities import ENTITIES
from servicetitan_mirror.operation.states import Look, table_of

DAYS = 30  # that the history goes back
STEPS = 60  # of equal length
SHORTEST = timedelta(hours=1)  # history


@dataclass(frozen=True)
class Underway:
    """A module that the sync at work has begun; `landed` once all of it was read and only its table is to be built."""

    module: str
    sync_type: str
    since: datetime
    landed: bool


@dataclass(frozen=True)
class Step:
    """A piece of the history: how many rows the tables had when it ended, and what was written and marked in it."""

    until: datetime
    rows: int
    written: int
    deleted: int


@dataclass(frozen=True)
class Failing:
    """Values of one column that could not be converted, or whole records that could not land, for the same reason."""

    table: str
    column: str | None
    reason: str
    count: int
    example: str | None
    since: datetime


@dataclass(frozen=True)
class Ended:
    """A module's part of a run that has ended."""

    id: str
    tenant_id: int
    module: str
    status: str
    records: dict[str, int]
    api_calls: int
    throttled_calls: int
    seconds: float
    completed_at: datetime


def underway(look: Look, tenant_id: int) -> list[Underway]:
    """What the sync at work has begun and not finished, in the order in which it began."""
    if look.running[tenant_id] is None:
        return []
    return [Underway(**row) for row in look.inventory.ask(_UNDERWAY, tenant=tenant_id)]


def history(look: Look, tenant_id: int, rows: int) -> list[Step]:
    """The last DAYS, or as much of them as the log knows, worked back from how many rows there are now."""
    names = [entity.name for entity in look.inventory.published]
    span = {"days": DAYS, "steps": STEPS, "shortest": SHORTEST}
    changes = look.inventory.ask(_HISTORY, tenant=tenant_id, names=names, **span)
    if not changes:
        return []
    begin, by_step, now = changes[0]["begin"], {row["step"]: row for row in changes}, look.inventory.now
    steps = []
    for place in range(STEPS, 0, -1):
        change = by_step.get(place, {"created": 0, "updated": 0, "deleted": 0})
        until = begin + (now - begin) * place / STEPS
        steps.append(Step(until, max(rows, 0), change["created"] + change["updated"], change["deleted"]))
        rows += change["deleted"] - change["created"]
    return [Step(begin, max(rows, 0), 0, 0), *steps[::-1]]


def failing(look: Look, tenant_id: int) -> list[Failing]:
    """What is open of single records, the most first; no value and no record is among it."""
    tables = {entity.table for entity in look.inventory.published}
    names = {each.name: each.name for each in ENTITIES if table_of(each.name) not in tables}
    rows = [Failing(names.get(row[0], table_of(row[0])), *row[1:]) for row in look.inventory.failing(tenant_id)]
    return sorted(rows, key=lambda row: (-row.count, row.table, row.column or ""))


def ended_since(look: Look, moment: datetime) -> list[Ended]:
    """The parts of runs of all tenants that have ended since."""
    return [Ended(**row) for row in look.inventory.ask(_ENDED, moment=moment)]


_UNDERWAY = """
select module, sync_type, started_at as since, api_calls > 0 as landed from {log}
where tenant_id = %(tenant)s and status = 'started' order by started_at, module
"""
_HISTORY = """
with change as (
    select * from {log} where tenant_id = %(tenant)s and module = any(%(names)s) and completed_at <= now()
        and started_at > now() - make_interval(days => %(days)s)
),
span as (select least(min(started_at), now() - %(shortest)s) as begin from change)
select begin,
    width_bucket(extract(epoch from completed_at), extract(epoch from begin), extract(epoch from now()) + 1, %(steps)s)
        as step,
    sum(records_created)::bigint as created, sum(records_updated)::bigint as updated,
    sum(records_deleted)::bigint as deleted
from change cross join span group by 1, 2
"""
_ENDED = """
select id::text, tenant_id, module, status, api_calls, throttled_calls, completed_at,
    jsonb_build_object(
        'created', records_created, 'updated', records_updated, 'unchanged', records_unchanged,
        'deleted', records_deleted, 'failed', records_failed
    ) as records,
    coalesce(duration_ms, 0) / 1000.0::float as seconds
from {log} where completed_at > %(moment)s and started_at > %(moment)s - interval '2 days' order by completed_at
"""

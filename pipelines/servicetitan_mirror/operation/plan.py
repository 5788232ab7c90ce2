"""What a sync would ask now, from where on, and how long it would take. Changes nothing in the database.

ServiceTitan is asked only for the size of lists that are to be read whole and were never read to their end: everything
else is known from the mirror and its log.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime

from psycopg2.extensions import connection as Connection

from servicetitan_mirror.clock import UTC
from servicetitan_mirror.config.settings import Settings
from servicetitan_mirror.operation.probes import Prober
from servicetitan_mirror.options import Options
from servicetitan_mirror.postgres import layout
from servicetitan_mirror.postgres.warehouse import RAW, Warehouse, at_work, query
from servicetitan_mirror.raw.planning import plan_tasks
from servicetitan_mirror.reading.task import Task, tasks_of

START = 2  # seconds of a sync that finds nothing
RECORDS = 5_000  # that are read, landed and built in a second: a first sync on two cores


@dataclass(frozen=True)
class Step:
    """What would be asked of one list.

    Attributes:
        list: its name.
        since: from when on changes are asked for; None for everything.
        why: why everything is read, or that changes are.
        records: how many that will be, about; None where nobody can tell.
        calls: how many calls that takes, about.
        sized: whether ServiceTitan was asked for the size.
    """

    list: str
    since: datetime | None
    why: str
    records: int | None
    calls: int
    sized: bool = False


@dataclass(frozen=True)
class Plan:
    """The steps in their order; `seconds` is about how long they take, `asked` how many calls this plan has made."""

    steps: list[Step]
    calls: int
    seconds: float
    asked: int
    at_work: str | None


def plan(settings: Settings, warehouse: Warehouse, options: Options) -> Plan:
    """What a sync with these options would do now.

    Raises:
        ConfigurationError: PostgreSQL or ServiceTitan refuses us altogether.
        EndpointError: no token came.
    """
    options = replace(options, chosen=settings.asked)
    options = replace(options, since=settings.instant(options.since)) if options.since else options
    now = datetime.now(UTC)
    with closing(warehouse.connect()) as connection:
        layout.check(connection)
        is_there = query(connection, f"select to_regclass('{RAW}.sync_cursors')") != [(None,)]
        if is_there:
            tasks, running = plan_tasks(connection, settings, options, now), at_work(connection, settings.tenant_id)
            held, pace = _held(connection, settings.tenant_id), _pace(connection, settings.tenant_id)
        else:
            tasks = tasks_of(options.entities)
            running, held, pace = None, {}, {}
    sizes = _sizes(settings, [task for task in tasks if task.is_full and task.endpoint.has_total and not task.cursor])
    steps = [_step(task, settings, options, now, {**held, **sizes}, pace, task.name in sizes) for task in tasks]
    calls = sum(step.calls for step in steps)
    records = sum(step.records or 0 for step in steps)
    seconds = START + max(calls / settings.requests_per_second, records / RECORDS)
    return Plan(steps, calls, round(seconds, 1), len(sizes), running)


def _step(
    task: Task,
    settings: Settings,
    options: Options,
    now: datetime,
    sizes: Mapping[str, int | None],
    pace: Mapping[str, float],
    sized: bool,
) -> Step:
    if task.since is None:
        records = sizes.get(task.name)
        why = _why_full(task, options)
    else:
        share = pace.get(task.entity.name, 0) / len(task.entity.endpoints)
        records, why = round(share * (now - task.since).total_seconds()), "changes"
    calls = max(1, math.ceil((records or 0) / settings.page_size))
    return Step(task.name, task.since, why, records, calls, sized)


def _why_full(task: Task, options: Options) -> str:
    if not task.endpoint.shows_changes:
        return "it has no filter"
    if task.cursor is None:
        return "never read to its end"
    return "--full" if options.full else "a full read is due"


def _sizes(settings: Settings, tasks: Sequence[Task]) -> dict[str, int | None]:
    """What the lists say of their size, by name."""
    if not tasks:
        return {}
    prober = Prober(settings)
    prober.log_in()
    return {probe.task.name: probe.total for probe in prober.probe(tasks)}


def _held(connection: Connection, tenant_id: int) -> dict[str, int | None]:
    """How many records of each list the mirror holds and does not call deleted."""
    found: dict[str, int | None] = {}
    lists = query(connection, f"select list, entity from {RAW}.sync_cursors where tenant_id = %s", (tenant_id,))
    for name, entity in lists:
        owner = name.partition(".")[2]
        if query(connection, "select to_regclass(%s)", (f"{RAW}.{entity}",)) != [(None,)]:
            of_owner = " and entity_type = %s" if owner else ""
            counting = f"select count(*) from {RAW}.{entity} where tenant_id = %s and deleted_at is null{of_owner}"
            ((found[name],),) = query(connection, counting, (tenant_id, owner) if owner else (tenant_id,))
    return found


def _pace(connection: Connection, tenant_id: int) -> dict[str, float]:
    """How many records a second each entity's syncs of changes found, by the latest hundred in the log."""
    return {module: float(pace) for module, pace in query(connection, _PACE, (tenant_id,)) if pace}


_PACE = f"""
select module, sum(records_fetched) / nullif(sum(extract(epoch from started_at - cursor_from)), 0)
from (
    select *, row_number() over (partition by module order by started_at desc) as place
    from {RAW}.sync_log where tenant_id = %s and status = 'completed' and cursor_from < started_at
) as runs
where place <= 100 group by module
"""

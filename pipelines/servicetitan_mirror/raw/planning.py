"""What a sync has to do: a stream for each entity that it was asked for, those with only changes first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from psycopg2.extensions import connection as Connection

from servicetitan_mirror.config.settings import Settings
from servicetitan_mirror.options import Options
from servicetitan_mirror.raw import cursors, drift, history, rolling
from servicetitan_mirror.raw.rejections import refused_before
from servicetitan_mirror.raw.schema import landed_entities
from servicetitan_mirror.raw.streams import Stream
from servicetitan_mirror.reading.keys import Before
from servicetitan_mirror.reading.reading import Reading
from servicetitan_mirror.reading.task import Task, tasks_of


def plan_streams(
    connection: Connection, settings: Settings, options: Options, began: datetime, reading: Callable[[Task], Reading]
) -> list[Stream]:
    """The streams of a sync that began at `began` by ServiceTitan's clock; `reading` makes the reading of a list.

    With `options.full` all lists are read in full, but for those that a full sync had done before it was cut off; a
    scheduled one reads a share of them, where `full_over_days` spreads it.
    """
    tenant_id = settings.tenant_id
    if in_full := _in_full(connection, settings, options):
        cursors.schedule_full(connection, tenant_id, in_full)
    cursors.register(connection, tenant_id, options.entities)
    cursors.keep_choice(connection, tenant_id, {each.name: settings.seconds_between(each) for each in settings.chosen})
    tasks = _due(_tasks(connection, settings, options, began), settings, options, began)
    seen = drift.before(connection, tenant_id)
    for task in tasks:
        task.before = seen.get((task.entity.name, task.endpoint.owner or ""), Before())
    landed = landed_entities(connection, tenant_id, options.entities)
    refused = refused_before(connection, tenant_id)
    groups = [(entity, [*of_entity]) for entity, of_entity in groupby(tasks, lambda task: task.entity)]
    groups.sort(key=lambda group: all(task.is_full for task in group[1]))  # changes first: users wait for them
    return [
        Stream(
            entity,
            [reading(task) for task in of_entity],
            is_new=entity.name not in landed,
            refused_before=refused.get(entity.name, frozenset()),
        )
        for entity, of_entity in groups
    ]


def plan_tasks(connection: Connection, settings: Settings, options: Options, began: datetime) -> list[Task]:
    """The tasks that `plan_streams` would make now, in its order. Changes nothing; `raw_servicetitan` is there."""
    tasks = _tasks(connection, settings, options, began)
    in_full = _in_full(connection, settings, options)
    tasks = [replace(task, since=None) if task.name in in_full else task for task in tasks]
    tasks = _due(tasks, settings, options, began)
    is_full = {each.name: all(task.is_full for task in tasks if task.entity is each) for each in options.entities}
    return sorted(tasks, key=lambda task: is_full[task.entity.name])


def _due(tasks: list[Task], settings: Settings, options: Options, began: datetime) -> list[Task]:
    """Those that are not resting. What is asked for by name, in full or from a moment on is read all the same."""
    if options.full or options.since or options.only:
        return tasks
    pauses = {each.name: settings.seconds_between(each) for each in options.entities}
    rests = {name: True for name in pauses}
    for task in tasks:  # the lists of one table are read together
        rests[task.entity.name] &= cursors.is_resting(task, pauses[task.entity.name], began)
    return [task for task in tasks if not rests[task.entity.name]]


def _in_full(connection: Connection, settings: Settings, options: Options) -> set[str]:
    """The lists that are read from the beginning, though they are not due for it."""
    days, every = settings.full_over_days, settings.full_every_seconds
    if options.full and (days == 1 or options.triggered_by != "scheduled"):
        return _afresh(connection, settings.tenant_id, options)
    if days == 1 or not (options.full or every):
        return set()
    lists = [task.name for task in tasks_of(options.entities) if task.endpoint.shows_changes]
    return rolling.share(connection, settings.tenant_id, lists, days, None if options.full else every)


def _afresh(connection: Connection, tenant_id: int, options: Options) -> set[str]:
    """What a full sync reads from the beginning: all but what one that was cut off had done."""
    cut_off = history.cut_off(connection, tenant_id)
    afresh = [entity for entity in options.entities if entity.name not in cut_off]
    return {task.name for task in tasks_of(afresh)}


def _tasks(connection: Connection, settings: Settings, options: Options, began: datetime) -> list[Task]:
    """The task of every list, by its cursor or by `options.since`."""
    full_every = settings.full_every_seconds
    if full_every and settings.full_over_days > 1:
        full_every *= settings.full_over_days + 1  # no list is due before its share
    tasks = cursors.plan(connection, settings.tenant_id, options.entities, settings.overlap, began, full_every)
    if options.since is None:
        return tasks
    return [replace(task, since=options.since if task.endpoint.shows_changes else None, token=None) for task in tasks]

"""What a reconciliation has found wrong is read, or built, again: the way of a sync, with its loads, merges and log.

    lost from what has landed  ──▶ lands as the table shows it, and then the source is asked
    missing, stale at source   ──▶ read by its id, fifty at a time, where the list has that, else with its list
    extra, or not named        ──▶ the list is read in full: what it lacks is for the guard of deletions to mark
    only the table is wrong    ──▶ the record's row is built again

Nothing is deleted here: only a full read that is proved may mark, and no more than the guard allows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from psycopg2.extensions import connection as Connection

from servicetitan_mirror.config.settings import Settings
from servicetitan_mirror.entities import BY_NAME, MOST_IDS
from servicetitan_mirror.operation import shown
from servicetitan_mirror.operation.findings import Found
from servicetitan_mirror.options import Options
from servicetitan_mirror.postgres.warehouse import transaction
from servicetitan_mirror.raw import pending_loads
from servicetitan_mirror.raw.loading import new_load_id
from servicetitan_mirror.raw.rejections import refused_before
from servicetitan_mirror.raw.schema import landed_entities
from servicetitan_mirror.raw.streams import Stream
from servicetitan_mirror.reading.reading import Reading
from servicetitan_mirror.reading.task import Task

Findings = Mapping[str, Sequence[Found]]  # of the lists of each entity, by its name


def prepare(connection: Connection, tenant_id: int, findings: Findings) -> None:
    """Let what is lost land again, and have the rows built again that are wrong in the tables alone."""
    load_id = new_load_id()
    for name, found in findings.items():
        entity = BY_NAME[name]
        for each in found:
            if each.shown:
                owner = each.task.endpoint.owner or ""
                with transaction(connection):
                    pending_loads.announce(connection, tenant_id, [entity], load_id)
                    shown.restore(connection, tenant_id, entity, owner, each.shown, load_id)
                    shown.build_again(connection, tenant_id, entity, owner, each.shown, load_id)


def tasks_of(found: Sequence[Found], page_size: int) -> list[Task]:
    """What is to be read again of an entity's lists."""
    return [task for each in found if not each.problem and (task := _task(each, page_size))]


def planned(findings: Findings) -> Callable[..., list[Stream]]:
    """The plan of a sync that reads what is wrong."""

    def plan(
        connection: Connection,
        settings: Settings,
        options: Options,
        began: datetime,
        reading: Callable[[Task], Reading],
    ) -> list[Stream]:
        landed = landed_entities(connection, settings.tenant_id)
        refused = refused_before(connection, settings.tenant_id)
        return [
            Stream(
                BY_NAME[name],
                [reading(task) for task in tasks],
                is_new=name not in landed,
                refused_before=refused.get(name, frozenset()),
            )
            for name, found in findings.items()
            if (tasks := tasks_of(found, settings.page_size))
        ]

    return plan


def _task(found: Found, page_size: int) -> Task | None:
    undecided = found.lost - found.landed.keys() - (found.read or set())  # does the source list them?
    wanted = {*found.landed, *found.lost} - found.extra
    if not (wanted or found.extra or found.unnamed):
        return None
    by_id = found.task.endpoint.has_ids and not (undecided or found.extra or found.unnamed)
    pages = (found.source_total or 0) // page_size + 1
    if by_id and -(-len(wanted) // MOST_IDS) <= pages:
        return replace(found.task, since=None, ids=tuple(sorted(wanted)))
    return replace(found.task, since=None, ids=())

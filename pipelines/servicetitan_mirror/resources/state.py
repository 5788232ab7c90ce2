"""How far each list was read, in dlt's own state of the list's resource.

    {"1234567": {"customers": {"cursor": "2026-01-02T03:04:05.678901Z", "full_at": "...", "refused": []}}}

by tenant and list, since one pipeline may read several tenants, and custom fields are fourteen lists. dlt keeps the
state with the rows of the same load: both are in the destination, or neither is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import dlt

from servicetitan_mirror.clock import format_instant, parse_instant
from servicetitan_mirror.config.settings import Settings
from servicetitan_mirror.entities import Entity
from servicetitan_mirror.reading.cursor_rule import cursor_after, read_from
from servicetitan_mirror.reading.reader import Reader
from servicetitan_mirror.reading.task import Task


def tasks(entity: Entity, settings: Settings, began: datetime, full: bool) -> Iterator[Task]:
    """The task of each of the entity's lists: everything where that is asked for or due, else what changed."""
    state = _of_tenant(settings.tenant_id)
    for endpoint in entity.endpoints:
        task = Task(entity, endpoint)
        known = state.get(task.name, {})
        task.refused = set(known.get("refused", ()))
        task.cursor = parse_instant(known.get("cursor"))
        if task.cursor and endpoint.shows_changes and not full and not _is_full_due(known, settings, began):
            task.since = read_from(task.cursor, began, settings.overlap)
            task.token = known.get("token")
        yield task


def advance(reader: Reader, began: datetime) -> None:
    """Move the cursor of a list that was read completely."""
    task = reader.task
    state = _of_tenant(reader.client.tenant_id)
    moment = cursor_after(began, reader.read_until)
    known = dict(state.get(task.name, {}))
    known |= {"cursor": format_instant(max(moment, task.cursor or moment)), "refused": sorted(task.refused)}
    if reader.token:
        known["token"] = reader.token
    if task.is_full:
        known["full_at"] = format_instant(moment)
    state[task.name] = known


def _of_tenant(tenant_id: int) -> dict[str, Any]:
    tenant: dict[str, Any] = dlt.current.resource_state().setdefault(str(tenant_id), {})
    return tenant


def _is_full_due(known: dict[str, Any], settings: Settings, began: datetime) -> bool:
    every, last = settings.full_every_seconds, parse_instant(known.get("full_at"))
    return every is not None and (last is None or began - last > timedelta(seconds=every))

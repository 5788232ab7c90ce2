"""What `servicetitan entities --check` shows: which lists the app may read, by one call each."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence

from servicetitan_mirror.config.loading import load_settings
from servicetitan_mirror.entities import ENTITIES
from servicetitan_mirror.entities.choosing import chosen
from servicetitan_mirror.operation.probes import Probe, Prober
from servicetitan_mirror.operation.wording import many
from servicetitan_mirror.reading.task import tasks_of
from servicetitan_mirror.terminal.guard import FAILED
from servicetitan_mirror.terminal.screen import Column, console, table

LISTS = (
    Column("list", text=True),
    Column("records"),
    Column("scope", text=True, spare=1),
    Column("answer", text=True),
)
READABLE = "can be read"


def run_readable(names: Sequence[str], as_json: bool) -> int:
    """Ask each list, or the named ones, for one record; returns 0, or 1 where one that is chosen cannot be read.

    Raises:
        ConfigurationError: ServiceTitan refuses us altogether.
        EndpointError: no token came.
    """
    settings = load_settings()
    prober = Prober(settings)
    prober.log_in()
    entities = chosen(names) if names else ENTITIES
    probes = prober.probe(tasks_of(entities))
    if as_json:
        print(json.dumps([_told(probe) for probe in probes], indent=2))
    else:
        _print(probes)
    return FAILED if any(probe.error and probe.task.entity in settings.chosen for probe in probes) else 0


def _print(probes: Sequence[Probe]) -> None:
    screen, failed = console(sys.stdout), sum(probe.error is not None for probe in probes)
    styles = ["red" if probe.error else "" for probe in probes]
    screen.print(table(screen, LISTS, _rows(probes), styles=styles))
    screen.print(f"\n{len(probes) - failed} of {many(len(probes), 'list')} can be read", style="bold")


def _rows(probes: Sequence[Probe]) -> Iterator[list[str]]:
    for probe in probes:
        records = "" if probe.total is None else f"{probe.total:,}"
        yield [probe.task.name, records, probe.task.endpoint.scope, _answer(probe)]


def _answer(probe: Probe) -> str:
    return str(probe.error).removeprefix(f"{probe.task.endpoint.path}: ") if probe.error else READABLE


def _told(probe: Probe) -> dict[str, object]:
    return {
        "list": probe.task.name,
        "scope": probe.task.endpoint.scope,
        "readable": probe.error is None,
        "records": probe.total,
        "error": str(probe.error) if probe.error else None,
    }

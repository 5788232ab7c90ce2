"""What `servicetitan plan` shows: the lists that a sync would ask, from where on, in how many calls."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from servicetitan_mirror.clock import UTC
from servicetitan_mirror.config import tenants
from servicetitan_mirror.config.loading import load_settings
from servicetitan_mirror.operation.plan import Plan, Step, plan
from servicetitan_mirror.operation.wording import duration, many
from servicetitan_mirror.options import Options
from servicetitan_mirror.postgres.warehouse import opened
from servicetitan_mirror.terminal.screen import Column, console, table
from servicetitan_mirror.terminal.tenants import chosen

COLUMNS = (
    Column("list", text=True),
    Column("what", text=True),
    Column("since (UTC)", spare=1),
    Column("records", spare=2),
    Column("calls"),
)


def run_plan(root: Path, options: Options, wanted: Sequence[str], as_json: bool) -> int:
    """Show what a sync of the tenants that are meant would do; returns 0."""
    names, warehouse, plans = chosen(wanted), opened(root), dict[str | None, Plan]()
    for name in names:
        tenants.use(name)
        plans[name] = plan(load_settings(), warehouse, options)
    if as_json:
        said = [{"tenant": name, **asdict(planned)} for name, planned in plans.items()]
        print(json.dumps({"tenants": said}, default=lambda moment: moment.isoformat(), indent=2))
        return 0
    for name, planned in plans.items():
        print_plan(console(sys.stdout), name, planned)
    return 0


def print_plan(screen: Console, tenant: str | None, planned: Plan) -> None:
    """A row for each list, and what it comes to."""
    if tenant:
        screen.print(f"tenant {tenant}", style="bold")
    screen.print(table(screen, COLUMNS, map(_row, planned.steps)))
    took = f"; this plan asked {many(planned.asked, 'list')} for its size" if planned.asked else ""
    screen.print(
        f"{many(planned.calls, 'call')} and one for a token, about {duration(math.ceil(planned.seconds))}{took}"
    )
    if planned.at_work:
        screen.print(f"a sync is at work: {planned.at_work}", soft_wrap=True)


def _row(step: Step) -> list[str]:
    since = f"{step.since.astimezone(UTC):%Y-%m-%d %H:%M:%S}" if step.since else ""
    what = "changes" if step.since else f"everything: {step.why}"
    return [step.list, what, since, "?" if step.records is None else f"{step.records:,}", f"{step.calls:,}"]

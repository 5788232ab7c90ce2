"""What `servicetitan status` shows: per tenant its tables, its last runs, and what is wrong."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, replace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from rich.console import Console

from servicetitan_mirror.clock import UTC
from servicetitan_mirror.config.tenants import names
from servicetitan_mirror.config.zones import zone_of
from servicetitan_mirror.operation.standing import TenantState, standing
from servicetitan_mirror.operation.states import RunState, TableState
from servicetitan_mirror.operation.wording import duration, many, plain
from servicetitan_mirror.postgres import layout
from servicetitan_mirror.postgres.warehouse import opened
from servicetitan_mirror.terminal.guard import FAILED
from servicetitan_mirror.terminal.screen import Column, console, table
from servicetitan_mirror.terminal.tenants import id_or_none, ids_of

TABLES = (
    Column("table", text=True),
    Column("rows"),
    Column("deleted", spare=2),
    Column("read until ({})", spare=4),
    Column("age"),
    Column("last full", spare=3),
    Column("pending", spare=1),
    Column("failures"),
    Column("rejected"),
)
RUNS = (
    Column("last runs ({})", text=True),
    Column("type", text=True, spare=1),
    Column("by", text=True, spare=5),
    Column("modules", spare=4),
    Column("failed"),
    Column("fetched"),
    Column("changed"),
    Column("deleted", spare=3),
    Column("seconds", spare=2),
)


def run_status(root: Path, as_json: bool, max_age: timedelta | None, wanted: Sequence[str], demo: bool = False) -> int:
    """Show it, of the tenants that are meant by names or ids, or of all; returns 0 when all is well, else 1."""
    asked = {} if demo else _asked_for(wanted)
    warehouse = opened(root, demo)
    with closing(warehouse.connect()) as connection:
        layout.check(connection)
        tenants = standing(connection, max_age, [*asked] if wanted else ())
    problems = _never_synced(asked, tenants)
    if as_json:
        print(to_json(warehouse.place(), tenants, max_age, problems))
    else:
        print_standing(console(sys.stdout), tenants)
        for problem in problems:
            print(problem)
    return 0 if not problems and all(state.ok for state in tenants) else FAILED


def _asked_for(wanted: Sequence[str]) -> dict[int, str]:
    """The tenants of which something is to be said, by id: those that are meant, else all that have a name."""
    if wanted:
        return dict(zip(ids_of(wanted), wanted, strict=True))
    return {tenant_id: name for name in names() if (tenant_id := id_or_none(name))}


def _never_synced(asked: Mapping[int, str], tenants: Sequence[TenantState]) -> list[str]:
    if not tenants and not asked:
        return ["Nothing was synced into this database yet. Run: servicetitan"]
    missing = asked.keys() - {state.tenant_id for state in tenants}
    return [f"Tenant {asked[tenant]} was never synced into this database." for tenant in sorted(missing)]


def print_standing(screen: Console, tenants: Sequence[TenantState]) -> None:
    """The tenants, one after the other."""
    for tenant in tenants:
        wrong = many(len(tenant.problems), "problem") if tenant.problems else "all is well"
        screen.print(f"tenant {_named(tenant)}: {wrong}", style="bold red" if tenant.problems else "bold green")
        if tenant.running:
            screen.print(f"a sync is at work: {tenant.running}", soft_wrap=True)
        zone, now = zone_of(tenant.time_zone), datetime.now(UTC)
        screen.print()
        screen.print(table(screen, _in(zone, TABLES), (_table(state, now, zone) for state in tenant.tables)))
        screen.print()
        runs, styles = (_run(run, zone) for run in tenant.runs), ["red" * bool(run.failed) for run in tenant.runs]
        screen.print(table(screen, _in(zone, RUNS), runs, styles=styles))
        screen.print()
        _print_said(screen, tenant, zone)


def to_json(database: str, tenants: Sequence[TenantState], max_age: timedelta | None, problems: Sequence[str]) -> str:
    """The same for a program; `problems` are those of no tenant."""
    said = {
        "database": database,
        "ok": not problems and all(tenant.ok for tenant in tenants),
        "checked_at": datetime.now(UTC),
        "max_age_seconds": max_age.total_seconds() if max_age else None,
        "problems": problems,
        "tenants": [asdict(tenant) for tenant in tenants],
    }
    return json.dumps(said, default=_iso, indent=2)


def _print_said(screen: Console, tenant: TenantState, zone: tzinfo) -> None:
    for problem in tenant.problems:
        screen.print(problem, style="red", soft_wrap=True)
    if (last := tenant.last_error) and not any(last.message in problem for problem in tenant.problems):
        screen.print(
            f"last error, {_local(last.at, zone)} {_short(zone)}: {last.module}: {plain(last.message)}", soft_wrap=True
        )
    for warning in tenant.warnings:
        screen.print(warning, style="yellow", soft_wrap=True)


def _in(zone: tzinfo, columns: Sequence[Column]) -> list[Column]:
    return [replace(column, name=column.name.format(_short(zone))) for column in columns]


def _short(zone: tzinfo) -> str:
    """`UTC`, `CST`, `-03`: as the clocks there are called now."""
    return str(datetime.now(zone).tzname())


def _table(state: TableState, now: datetime, zone: tzinfo) -> list[str]:
    until = _local(state.read_until, zone) if state.read_until else "never"
    full = duration(max((now - state.last_full).total_seconds(), 0)) if state.last_full else "never"
    age = "never" if state.age_seconds is None else duration(state.age_seconds)
    counts = (state.pending_loads, state.open_failures, state.rejected_records)
    return [state.table, _number(state.rows), _number(state.deleted), until, age, full, *map(_number, counts)]


def _named(tenant: TenantState) -> str:
    known = tenant.name and tenant.name != str(tenant.tenant_id)
    return f"{tenant.name} ({tenant.tenant_id})" if known else str(tenant.tenant_id)


def _run(run: RunState, zone: tzinfo) -> list[str]:
    counts = (run.modules, run.failed, run.fetched, run.changed, run.deleted)
    seconds = "" if run.seconds is None else f"{run.seconds:,.1f}"
    return [_local(run.started_at, zone), run.sync_type, run.triggered_by, *map(_number, counts), seconds]


def _number(count: int | None) -> str:
    return "?" if count is None else f"{count:,}"


def _local(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}"


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")

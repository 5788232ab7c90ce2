"""Commands that read ServiceTitan: syncs, and what looks at one or mends it."""

from __future__ import annotations

import sys
from datetime import datetime

import click

from servicetitan_mirror.places import ROOT
from servicetitan_mirror.terminal.usage import (
    Configured,
    Moment,
    Names,
    Number,
    configure,
    log_options,
    sync_options,
    tenant_option,
)


@click.command()
@sync_options
def sync(
    full: bool,
    only: tuple[str, ...],
    since: datetime | None,
    wanted: tuple[str, ...],
    as_json: bool,
    triggered_by: str,
    wait: float,
) -> None:
    """Sync: what changed, or everything where that was never read. What runs without a command too."""
    from servicetitan_mirror.memory import keep_pages_out_of_heap

    if full and since:
        raise click.UsageError("--full and --since exclude each other.")
    keep_pages_out_of_heap()
    configure(is_logged=True)
    from servicetitan_mirror.options import Options
    from servicetitan_mirror.terminal.command import run_syncs

    sys.exit(run_syncs(Options(full, only, since, triggered_by, wait), wanted, as_json))


@click.command(cls=Configured)
@log_options
@tenant_option
def worker(wanted: tuple[str, ...]) -> None:
    """Sync on a schedule: changes every five minutes, everything nightly at 02:00, never two at once."""
    from servicetitan_mirror.terminal.tenants import chosen
    from servicetitan_mirror.worker import run_worker

    run_worker(chosen(wanted))


@click.command(cls=Configured)
@click.option("--full", is_flag=True, help="Of a sync that reads everything again.")
@click.option("--only", type=Names(), default=(), metavar="NAMES", help="Only these entities: customers,jobs")
@click.option("--since", type=Moment(), metavar="MOMENT", help="Of a sync of what changed since this.")
@tenant_option
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, for a program.")
def plan(full: bool, only: tuple[str, ...], since: datetime | None, wanted: tuple[str, ...], as_json: bool) -> None:
    """What a sync would ask now: each list, from where on, in how many calls. Changes nothing."""
    from servicetitan_mirror.options import Options
    from servicetitan_mirror.terminal.plan import run_plan

    if full and since:
        raise click.UsageError("--full and --since exclude each other.")
    sys.exit(run_plan(ROOT, Options(full, only, since), wanted, as_json))


@click.command(cls=Configured)
@tenant_option
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, for a program.")
def check(wanted: tuple[str, ...], as_json: bool) -> None:
    """Look whether a sync will work: settings, token, lists, clock, database, rights, disk. Changes nothing."""
    from servicetitan_mirror.terminal.check import run_check

    sys.exit(run_check(ROOT, wanted, as_json))


@click.command(cls=Configured)
@log_options
@click.option("--deep", is_flag=True, help="Compare every record; else totals and a page or two of each list.")
@click.option("--fix", is_flag=True, help="Read again what is wrong, and mend it.")
@click.option("--modules", type=Names(), default=(), metavar="NAMES", help="Only these entities: customers,jobs")
@tenant_option
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, for a program.")
@click.option(
    "--wait", type=Number(0, 86_400), default=0, metavar="SECONDS", help="How long to wait for a sync to end."
)
def reconcile(
    deep: bool, fix: bool, modules: tuple[str, ...], wanted: tuple[str, ...], as_json: bool, wait: float
) -> None:
    """Compare the mirror with ServiceTitan: what is missing, extra or stale. Ends with 1 when anything is, still."""
    from servicetitan_mirror.options import Options
    from servicetitan_mirror.terminal.reconcile import run_reconcile

    sys.exit(run_reconcile(Options(only=modules, wait=wait), deep, fix, wanted, as_json))


@click.command(cls=Configured)
@click.option(
    "--customer", "customers", type=click.IntRange(1), multiple=True, required=True, metavar="ID", help="Whom."
)
@tenant_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def erase(customers: tuple[int, ...], wanted: tuple[str, ...], yes: bool, as_json: bool) -> None:
    """Erase what is personal of a customer, everywhere in the database, and keep it erased. Asks first."""
    from servicetitan_mirror.terminal.erase import run_erase

    sys.exit(run_erase(ROOT, customers, wanted, yes, as_json))


VERBS = (
    sync,
    worker,
    plan,
    check,
    reconcile,
    erase,
)

"""The command line: `python pipelines/servicetitan.py`, also installed as `servicetitan`.

Exit codes: 0 all modules completed, 1 a module failed, 2 wrong usage or configuration, 3 another sync is running.
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 10):  # noqa: UP036  # whoever runs it with an older one is told so
    sys.exit(f"servicetitan needs Python 3.10 or newer; this is {sys.version_info[0]}.{sys.version_info[1]}.")

import os
from datetime import datetime, timedelta

try:
    import click
except ModuleNotFoundError:
    sys.exit("servicetitan is not installed for this Python: run `make setup`, then .venv/bin/servicetitan")

from servicetitan_mirror.places import ROOT
from servicetitan_mirror.terminal.guard import guarded
from servicetitan_mirror.terminal.usage import (
    Age,
    Moment,
    Names,
    Number,
    Verbs,
    configure,
    customers_option,
    demo_option,
    log_options,
    only_of_a_sync,
    print_version,
    sync_options,
    tenant_option,
)


@click.group(cls=Verbs, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@sync_options
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=print_version, help="And end.")
@click.pass_context
def main(context: click.Context, /, **of_a_sync: object) -> None:
    """Keep a PostgreSQL mirror of a ServiceTitan tenant. Without a command: sync."""
    if context.invoked_subcommand:
        only_of_a_sync(context)
    else:
        context.forward(sync)


@main.command(cls=click.Command)
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


@main.command()
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


@main.command(cls=click.Command)
@customers_option
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8901,
    show_default=True,
    help="Port on loopback; 0 picks a free one.",
)
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same business.")
@click.option(
    "--changes-per-minute",
    type=Number(0, 6_000),
    default=0,
    show_default=True,
    help="How busy the business is.",
)
def simulate(customers: int, port: int, seed: int, changes_per_minute: float) -> None:
    """Serve a made-up ServiceTitan tenant on loopback, and print the settings that reach it."""
    from servicetitan_mirror.terminal.made_up import serve

    serve(customers, port, seed, changes_per_minute)


@main.command()
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


@main.command()
@tenant_option
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, for a program.")
def check(wanted: tuple[str, ...], as_json: bool) -> None:
    """Look whether a sync will work: settings, token, lists, clock, database, rights, disk. Changes nothing."""
    from servicetitan_mirror.terminal.check import run_check

    sys.exit(run_check(ROOT, wanted, as_json))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, for a program.")
@click.option("--max-age", type=Age(), metavar="AGE", help="Data older than this is wrong: 15m, 900 (seconds) or 2h.")
@tenant_option
@demo_option
def status(as_json: bool, max_age: timedelta | None, wanted: tuple[str, ...], demo: bool) -> None:
    """How the mirror stands: tables, age of the data, last runs, errors. Ends with 1 when something is wrong."""
    from servicetitan_mirror.terminal.status import run_status

    sys.exit(run_status(ROOT, as_json, max_age, wanted, demo))


@main.command()
@log_options
@click.option("--host", default="127.0.0.1", show_default=True, help="Where; elsewhere than loopback with a password.")
@click.option("--port", type=click.IntRange(0, 65_535), default=8902, show_default=True, help="0 picks a free one.")
@click.option("--max-age", type=Age(), default="15m", show_default=True, help="Data older than this is wrong.")
@tenant_option
@demo_option
def serve(host: str, port: int, max_age: timedelta, wanted: tuple[str, ...], demo: bool) -> None:
    """Serve how the mirror stands: / for people, /report, /healthz, and /metrics for Prometheus."""
    from servicetitan_mirror.terminal.serving import run_serve

    run_serve(ROOT, host, port, max_age, wanted, demo)


@main.command()
@click.option(
    "--output", default="report.html", show_default=True, metavar="FILE", help="The file; - is standard output."
)
@tenant_option
@demo_option
def report(output: str, wanted: tuple[str, ...], demo: bool) -> None:
    """Write the business in figures as one HTML page, which needs no network: revenue, jobs, receivables and more."""
    from servicetitan_mirror.terminal.report_page import run_report

    run_report(ROOT, output, wanted, demo)


@main.command()
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False))
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="First day of the report.")
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="Its last day, or its only one.")
@click.option(
    "--column", "columns", multiple=True, metavar="FIGURE=HEADING", help="A heading of your own: revenue=Net Sales"
)
@click.option("--tolerance", type=Number(0, 1_000), default=0.01, show_default=True, help="Up to this is the same.")
@tenant_option
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, for a program.")
@demo_option
def compare_report(
    path: str,
    first: datetime | None,
    last: datetime | None,
    columns: tuple[str, ...],
    tolerance: float,
    wanted: tuple[str, ...],
    as_json: bool,
    demo: bool,
) -> None:
    """Compare a report that the office exported, CSV or XLSX, with the marts. Ends with 1 when they differ."""
    from decimal import Decimal
    from pathlib import Path

    from servicetitan_mirror.terminal.compare_report import column_option, run_compare

    days, named = (first and first.date(), last and last.date()), column_option(columns)
    sys.exit(run_compare(ROOT, Path(path), days, named, wanted, Decimal(str(tolerance)), as_json, demo))


@main.command()
@click.argument("names", type=Names(), default=(), metavar="[NAMES]")
@click.option("--check", is_flag=True, help="Ask each list for one record: which may the app read?")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, for a program.")
def entities(names: tuple[str, ...], check: bool, as_json: bool) -> None:
    """What can be read: lists, scopes, columns. Some of them in detail: entities customers,inventory.*"""
    from servicetitan_mirror.terminal.lists import run_entities
    from servicetitan_mirror.terminal.readable import run_readable

    if check:
        sys.exit(run_readable(names, as_json))
    run_entities(ROOT, names, as_json)


@main.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--force", is_flag=True, help="Write over the files that are there.")
def model(names: tuple[str, ...], force: bool) -> None:
    """Write a table for a list that comes without one, into the dbt project: model trucks warehouses"""
    from servicetitan_mirror.terminal.model import run_model

    run_model(ROOT, names, force)


@main.command()
@click.option("--with-password", is_flag=True, help="Show the password too.")
@click.option("--tcp", is_flag=True, help="Of the embedded server: let it listen on 127.0.0.1 too, with a password.")
@demo_option
def url(with_password: bool, tcp: bool, demo: bool) -> None:
    """The connection string of the database in use."""
    from servicetitan_mirror.postgres.warehouse import on_loopback, open_warehouse

    warehouse = open_warehouse(ROOT, demo)
    click.echo(on_loopback(warehouse).url(with_password=True) if tcp else warehouse.url(with_password))


@main.command(context_settings={"ignore_unknown_options": True})
@demo_option
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql(demo: bool, arguments: tuple[str, ...]) -> None:
    """Open psql, the one that comes with the product, on the database in use."""
    from servicetitan_mirror.postgres import embedded
    from servicetitan_mirror.postgres.warehouse import opened

    warehouse = opened(ROOT, demo)
    os.environ.update({"PGPASSWORD": warehouse.parameters["password"]} if "password" in warehouse.parameters else {})
    program = str(embedded.psql())
    os.execv(program, [program, warehouse.url(), *arguments])


@main.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@demo_option
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def dbt(demo: bool, arguments: tuple[str, ...]) -> None:
    """Run dbt by hand on the database in use: dbt build --select st_customers"""
    from servicetitan_mirror.postgres.warehouse import opened
    from servicetitan_mirror.tables.dbt_access import run_by_hand

    run_by_hand(opened(ROOT, demo), ROOT, arguments)


@main.command()
@click.argument("names", type=Names(), metavar="NAMES")
@tenant_option
def rebuild(names: tuple[str, ...], wanted: tuple[str, ...]) -> None:
    """Build tables again from the raw JSON, without asking ServiceTitan: rebuild customers,jobs"""
    from servicetitan_mirror.entities.choosing import chosen
    from servicetitan_mirror.errors import TransformError
    from servicetitan_mirror.postgres.warehouse import locked, opened, tenants
    from servicetitan_mirror.tables import optional
    from servicetitan_mirror.tables.builds import Transformer
    from servicetitan_mirror.terminal.tenants import configured_ids

    ids, warehouse, named = configured_ids(wanted), opened(ROOT), [entity.name for entity in chosen(names)]
    for tenant in ids or tenants(warehouse):
        with locked(warehouse, tenant) as connection:
            lists = optional.in_use(connection, ROOT)
            failures = Transformer(warehouse, ROOT, lists=lists).rebuild(connection, tenant, named)
        if failures:
            raise TransformError("\n".join(map(str, failures)))
        click.echo(f"rebuilt for tenant {tenant}: {', '.join(named)}")


@main.command()
@tenant_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@demo_option
def forget(wanted: tuple[str, ...], yes: bool, demo: bool) -> None:
    """Delete all that is kept of a tenant in the database in use: rows, cursors, log. Asks first."""
    from servicetitan_mirror.config.loading import load_tenant_id
    from servicetitan_mirror.raw.forget import run_forget
    from servicetitan_mirror.terminal.tenants import ids_of

    ids: list[int | None] = [*ids_of(wanted)]
    for tenant_id in ids or [load_tenant_id()]:
        run_forget(ROOT, tenant_id, yes, demo)


@main.command()
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


@main.command(cls=click.Command)
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def init(as_json: bool) -> None:
    """Write the files of settings, where they are not there yet, and say what to do next."""
    from servicetitan_mirror.terminal.init import run_init

    run_init(as_json)


@main.command(cls=click.Command)
def stop() -> None:
    """Stop the embedded PostgreSQL."""
    from servicetitan_mirror.postgres import embedded
    from servicetitan_mirror.postgres.warehouse import EMBEDDED_FOLDER

    click.echo("stopped" if embedded.stop(ROOT / EMBEDDED_FOLDER) else "it was not running")


@main.command()
@log_options
@tenant_option
def worker(wanted: tuple[str, ...]) -> None:
    """Sync on a schedule: changes every five minutes, everything nightly at 02:00, never two at once."""
    from servicetitan_mirror.terminal.tenants import chosen
    from servicetitan_mirror.worker import run_worker

    run_worker(chosen(wanted))


@main.command(cls=click.Command)
@customers_option
def demo(customers: int) -> None:
    """Show the whole path: a made-up tenant, a full sync, changes, an incremental sync, the tables."""
    from servicetitan_mirror.terminal.demo import run_demo

    run_demo(ROOT, customers)


@main.command(cls=click.Command, hidden=True)
@click.option("--full", is_flag=True)
def demo_sync(full: bool) -> None:
    """A sync of the demo, which starts it: no file has a say in it."""
    from servicetitan_mirror.config import lookup
    from servicetitan_mirror.options import Options
    from servicetitan_mirror.terminal.command import run_sync

    lookup.use_none()
    sys.exit(run_sync(Options(full), demo=True))


def cli() -> None:
    """The entry point."""
    guarded(main)


if __name__ == "__main__":
    cli()

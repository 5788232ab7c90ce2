"""The command line: `python pipelines/servicetitan.py`, also installed as `servicetitan`.

Exit codes: 0 all modules completed, 1 a module failed, 2 wrong usage or configuration, 3 another sync is running.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).absolute().parent.parent
if not Path(".dlt").is_dir():  # dlt looks for its configuration in the working directory unless told otherwise
    os.environ.setdefault("DLT_PROJECT_DIR", str(ROOT))

FAILED, WRONG, LOCKED = 1, 2, 3
GRACE = 7  # seconds that a sync has to end by itself; at any moment it may also be killed
STOPPED = "Stopped; what has landed stays, the next sync goes on from there."


class Names(click.ParamType[tuple[str, ...]]):
    """`customers,jobs`: names of entities."""

    name = "names"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """Split and check; an unknown name is wrong usage."""
        from servicetitan_mirror.entities import BY_NAME

        names = tuple(name.strip() for name in value.split(",")) if isinstance(value, str) else value
        for name in names:
            if name not in BY_NAME:
                self.fail(f"{name!r} is not an entity; there are {', '.join(BY_NAME)}", param, ctx)
        return names


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--full", is_flag=True, help="Read everything again, and find what was deleted.")
@click.option("--only", type=Names(), default=(), metavar="NAMES", help="Only these entities: customers,jobs")
@click.option("--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]), help="Read what changed since (UTC).")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
@click.option(
    "--triggered-by", type=click.Choice(["manual", "scheduled", "api"]), default="manual", help="For the sync log."
)
@click.option("--wait", default=0.0, metavar="SECONDS", help="How long to wait for another sync to end.")
@click.pass_context
def main(
    context: click.Context,
    full: bool,
    only: tuple[str, ...],
    since: datetime | None,
    as_json: bool,
    triggered_by: str,
    wait: float,
) -> None:
    """Sync a ServiceTitan tenant into PostgreSQL: what changed, or everything where that was never read."""
    if context.invoked_subcommand:
        return
    from servicetitan_mirror.options import Options

    if full and since:
        raise click.UsageError("--full and --since exclude each other.")
    moment = since.replace(tzinfo=timezone.utc) if since else None
    sys.exit(run_sync(Options(full, only, moment, triggered_by, wait), as_json))


def run_sync(options: Any, as_json: bool = False) -> int:
    """One sync, shown on the terminal; returns the exit code."""
    from servicetitan_mirror.memory import give_back

    give_back()
    from servicetitan_mirror.progress import LiveProgress, LogLines
    from servicetitan_mirror.rate_limit import Stopped
    from servicetitan_mirror.report import as_json as to_json
    from servicetitan_mirror.report import print_outcomes
    from servicetitan_mirror.screen import console
    from servicetitan_mirror.settings import load_settings
    from servicetitan_mirror.sync import Sync
    from servicetitan_mirror.warehouse import open_warehouse

    settings = load_settings()
    screen = console(sys.stderr)
    watcher = LiveProgress(screen) if sys.stderr.isatty() and screen.is_interactive else LogLines()
    sync = Sync(settings, open_warehouse(ROOT), ROOT, options, watcher)
    began = time.monotonic()
    try:
        outcomes = until_told(sync)
    except Stopped:
        click.echo(STOPPED, err=True)
        return FAILED
    finally:
        watcher.close()
    seconds = time.monotonic() - began
    if as_json:
        click.echo(to_json(outcomes, seconds))
    else:
        print_outcomes(console(sys.stdout), outcomes)
        click.echo(f"{seconds:.1f} seconds")
    return FAILED if any(outcome.status == "failed" for outcome in outcomes) else 0


def until_told(sync: Any) -> Any:
    """Run the sync until SIGTERM or SIGINT tells it to end; what has not ended GRACE seconds later is cut off.

    It runs in a thread of its own, so that the signals are heard whatever it waits for.
    """
    from concurrent.futures import ThreadPoolExecutor, wait

    told: list[float] = []

    def stop(*_: object) -> None:
        told.append(time.monotonic())
        sync.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    running = ThreadPoolExecutor(1).submit(sync.run)
    while not wait([running], 0.2).done:
        if told and time.monotonic() > told[0] + GRACE:
            click.echo(STOPPED, err=True)
            os._exit(FAILED)
    return running.result()


@main.command()
@click.option("--customers", default=5_000, show_default=True, help="Size of the made-up business.")
@click.option("--port", default=8901, show_default=True, help="Port on loopback; 0 picks a free one.")
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same business.")
@click.option("--changes-per-minute", default=0.0, show_default=True, help="How busy the business is.")
def simulate(customers: int, port: int, seed: int, changes_per_minute: float) -> None:
    """Serve a made-up ServiceTitan tenant on loopback."""
    from servicetitan_simulator import serve

    serve(customers=customers, port=port, seed=seed, changes_per_minute=changes_per_minute)


@main.command()
def status() -> None:
    """The last runs; each table's rows and the age of its data."""
    from contextlib import closing

    from rich.console import Console

    from servicetitan_mirror.status import print_status
    from servicetitan_mirror.warehouse import open_warehouse

    with closing(open_warehouse(ROOT).connect()) as connection:
        print_status(Console(width=None if sys.stdout.isatty() else 140), connection)


@main.command()
@click.option("--with-password", is_flag=True, help="Show the password too.")
def url(with_password: bool) -> None:
    """The connection string of the database in use."""
    from servicetitan_mirror.warehouse import open_warehouse

    click.echo(open_warehouse(ROOT).url(with_password))


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql(arguments: tuple[str, ...]) -> None:
    """Open psql, the one that comes with the product, on the database in use."""
    from servicetitan_mirror import embedded
    from servicetitan_mirror.warehouse import open_warehouse

    warehouse = open_warehouse(ROOT)
    os.environ.update({"PGPASSWORD": warehouse.parameters["password"]} if "password" in warehouse.parameters else {})
    program = str(embedded.psql())
    os.execv(program, [program, warehouse.url(), *arguments])


@main.command()
@click.argument("names", type=Names(), metavar="NAMES")
def rebuild(names: tuple[str, ...]) -> None:
    """Build tables again from the raw JSON, without asking ServiceTitan: rebuild customers,jobs"""
    from servicetitan_mirror.errors import TransformError
    from servicetitan_mirror.settings import load_settings
    from servicetitan_mirror.transform import Transformer
    from servicetitan_mirror.warehouse import locked, open_warehouse

    tenant_id, warehouse = load_settings().tenant_id, open_warehouse(ROOT)
    with locked(warehouse, tenant_id) as connection:
        failures = Transformer(warehouse, ROOT).rebuild(connection, tenant_id, names)
    if failures:
        raise TransformError("\n".join(map(str, failures)))
    click.echo(f"rebuilt: {', '.join(names)}")


@main.command()
def profile() -> None:
    """Write profiles.yml for the database in use, so that dbt works by hand; every sync does so too."""
    from servicetitan_mirror.dbt_runs import write_profile
    from servicetitan_mirror.warehouse import open_warehouse

    write_profile(open_warehouse(ROOT), ROOT)
    click.echo("dbt works now: dbt build --project-dir dbt_project")


@main.command()
def stop() -> None:
    """Stop the embedded PostgreSQL."""
    from servicetitan_mirror import embedded
    from servicetitan_mirror.warehouse import EMBEDDED_FOLDER

    click.echo("stopped" if embedded.stop(ROOT / EMBEDDED_FOLDER) else "it was not running")


@main.command()
def worker() -> None:
    """Sync on a schedule: changes every five minutes, everything nightly at 02:00, never two at once."""
    from servicetitan_mirror.worker import run_worker

    run_worker()


@main.command()
@click.option("--customers", default=5_000, show_default=True, help="Size of the made-up business.")
def demo(customers: int) -> None:
    """Show the whole path: a made-up tenant, a full sync, changes, an incremental sync, the tables."""
    from servicetitan_mirror.demo import run_demo

    run_demo(ROOT, customers)


def cli() -> None:
    """The entry point: errors meant for the user become a message and an exit code."""
    from servicetitan_mirror.errors import ConfigurationError, LockedError, MirrorError

    try:
        main()
    except MirrorError as error:
        click.echo(str(error), err=True)
        codes = {ConfigurationError: WRONG, LockedError: LOCKED}
        sys.exit(codes.get(type(error), FAILED))


if __name__ == "__main__":
    cli()

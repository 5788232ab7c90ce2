"""Commands to begin with: settings, a table of one's own, a made-up tenant."""

from __future__ import annotations

import sys

import click

from servicetitan_mirror.places import ROOT
from servicetitan_mirror.terminal.usage import Configured, Number, customers_option


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def init(as_json: bool) -> None:
    """Write the files of settings, where they are not there yet, and say what to do next."""
    from servicetitan_mirror.terminal.init import run_init

    run_init(as_json)


@click.command(cls=Configured)
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--force", is_flag=True, help="Write over the files that are there.")
def model(names: tuple[str, ...], force: bool) -> None:
    """Write a table for a list that comes without one, into the dbt project: model trucks warehouses"""
    from servicetitan_mirror.terminal.model import run_model

    run_model(ROOT, names, force)


@click.command()
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


@click.command()
@customers_option
def demo(customers: int) -> None:
    """Show the whole path: a made-up tenant, a full sync, changes, an incremental sync, the tables."""
    from servicetitan_mirror.terminal.demo import run_demo

    run_demo(ROOT, customers)


@click.command(hidden=True)
@click.option("--full", is_flag=True)
def demo_sync(full: bool) -> None:
    """A sync of the demo, which starts it: no file has a say in it."""
    from servicetitan_mirror.config import lookup
    from servicetitan_mirror.options import Options
    from servicetitan_mirror.terminal.command import run_sync

    lookup.use_none()
    sys.exit(run_sync(Options(full), demo=True))


VERBS = (
    init,
    model,
    simulate,
    demo,
    demo_sync,
)

"""Commands that show: how the mirror stands, the business in figures, the lists."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

import click

from servicetitan_mirror.places import ROOT
from servicetitan_mirror.terminal.usage import Age, Configured, Names, Number, demo_option, log_options, tenant_option


@click.command(cls=Configured)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, for a program.")
@click.option("--max-age", type=Age(), metavar="AGE", help="Data older than this is wrong: 15m, 900 (seconds) or 2h.")
@tenant_option
@demo_option
def status(as_json: bool, max_age: timedelta | None, wanted: tuple[str, ...], demo: bool) -> None:
    """How the mirror stands: tables, age of the data, last runs, errors. Ends with 1 when something is wrong."""
    from servicetitan_mirror.terminal.status import run_status

    sys.exit(run_status(ROOT, as_json, max_age, wanted, demo))


@click.command(cls=Configured)
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


@click.command(cls=Configured)
@click.option(
    "--output", default="report.html", show_default=True, metavar="FILE", help="The file; - is standard output."
)
@tenant_option
@demo_option
def report(output: str, wanted: tuple[str, ...], demo: bool) -> None:
    """Write the business in figures as one HTML page, which needs no network: revenue, jobs, receivables and more."""
    from servicetitan_mirror.terminal.report_page import run_report

    run_report(ROOT, output, wanted, demo)


@click.command(cls=Configured)
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


@click.command(cls=Configured)
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


VERBS = (
    status,
    serve,
    report,
    compare_report,
    entities,
)

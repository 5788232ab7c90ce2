"""What `servicetitan compare-report` shows: where an exported report and the mirror say different things."""

from __future__ import annotations

import calendar
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import click
import psycopg2
from rich.console import Console

from servicetitan_mirror.clock import UTC
from servicetitan_mirror.errors import ConfigurationError, MirrorError
from servicetitan_mirror.exported import kinds
from servicetitan_mirror.exported.comparison import Compared, Difference, Period, compare
from servicetitan_mirror.exported.reading import Exported, exported
from servicetitan_mirror.exported.sheets import read
from servicetitan_mirror.operation.wording import many
from servicetitan_mirror.postgres.refusals import explain
from servicetitan_mirror.postgres.warehouse import opened, tenants
from servicetitan_mirror.terminal.guard import FAILED
from servicetitan_mirror.terminal.screen import Column, console, table
from servicetitan_mirror.terminal.tenants import ids_of

DIFFERENCES = (
    Column("line", text=True),
    Column("figure", text=True),
    Column("report"),
    Column("mirror"),
    Column("mirror has more"),
)
RECORDS = (Column("record", text=True), Column("day", text=True), Column("amount"), Column("why", text=True))


def run_compare(
    root: Path,
    path: Path,
    days: tuple[date | None, date | None],
    named: Mapping[str, str],
    wanted: Sequence[str],
    tolerance: Decimal,
    as_json: bool,
    demo: bool,
) -> int:
    """Compare the file with the marts and show what differs; returns 0 when nothing does, else 1.

    Raises:
        ConfigurationError: the file cannot be read, or its days are not said.
        MirrorError: PostgreSQL refuses, or it is not clear which tenant is meant.
    """
    report = exported(read(path), named)
    period = period_of(report, *days)
    warehouse = opened(root, demo)
    known = [*ids_of(wanted)] or tenants(warehouse)
    if len(known) != 1:
        raise ConfigurationError("The database holds several tenants: name the report's with --tenant.")
    with closing(warehouse.connect()) as connection:
        try:
            compared = compare(connection, known[0], report, period, tolerance)
        except psycopg2.Error as error:
            raise MirrorError(explain(error, "compare the report")) from None
    if as_json:
        print(json.dumps(_said(report, period, compared), default=str, indent=2))
    else:
        _print(console(sys.stdout), report, period, compared)
    return FAILED if compared.differences else 0


def period_of(report: Exported, first: date | None, last: date | None) -> Period:
    """The days that a report is of.

    Raises:
        ConfigurationError: one that its kind needs is not said, or they are not those of whole months.
    """
    needs, title = report.kind.needs, report.kind.title
    if needs == kinds.DAY:
        day = last or first or datetime.now(UTC).date()
        return Period(day, day)
    if not first or not last or first > last:
        raise ConfigurationError(f"This is a report of {title}: say its days with --from and --to.")
    ends = last.day == calendar.monthrange(last.year, last.month)[1]
    if needs == kinds.MONTHS and not (first.day == 1 and ends):
        raise ConfigurationError(f"A report of {title} is compared by whole months: export it for one, or several.")
    return Period(first, last)


def _print(screen: Console, report: Exported, period: Period, compared: Compared) -> None:
    of = f"{period.first} to {period.last}" if period.first != period.last else f"{period.last}"
    screen.print(f"{report.kind.title}, {of}: {many(len(report.lines), 'line')}, {many(compared.figures, 'figure')}")
    if report.ignored:
        screen.print(f"not compared: {', '.join(report.ignored)}", soft_wrap=True)
    if not compared.differences:
        screen.print("Report and mirror are the same.", style="bold green")
        return
    screen.print(table(screen, DIFFERENCES, [_cells(one) for one in compared.differences]))
    for name, records in compared.records.items():
        screen.print(f"\n{name}", style="bold")
        cells = [[one.record, str(one.day or ""), f"{one.amount:,.2f}", one.why] for one in records]
        screen.print(table(screen, RECORDS, cells) if cells else "The mirror has no record of it in these days.")


def _cells(one: Difference) -> list[str]:
    figures = ("no such line" if value is None else f"{value:,.2f}" for value in (one.theirs, one.ours))
    return [one.name, one.figure, *figures, f"{one.by:+,.2f}"]


def _said(report: Exported, period: Period, compared: Compared) -> dict[str, object]:
    return {
        "report": report.kind.name,
        "from": period.first,
        "to": period.last,
        "lines": len(report.lines),
        "figures": compared.figures,
        "not_compared": report.ignored,
        "differences": [{**asdict(one), "by": one.by} for one in compared.differences],
        "records": {name: [asdict(one) for one in records] for name, records in compared.records.items()},
    }


def column_option(value: Sequence[str]) -> dict[str, str]:
    """`revenue=Net Sales`, given several times: the user's headings by figure.

    Raises:
        UsageError: it is not of this form, or there is no such figure.
    """
    figures = {"name", *(figure for kind in kinds.KINDS for figure in kind.figures)}
    pairs = [text.partition("=") for text in value]
    for figure, mark, heading in pairs:
        if not mark or not heading or figure not in figures:
            raise click.UsageError(
                f"--column must look like revenue=Heading, with one of {', '.join(sorted(figures))}."
            )
    return {figure: heading for figure, _, heading in pairs}

"""The business in figures as a file."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click
import psycopg2

from servicetitan_mirror.errors import ConfigurationError, MirrorError
from servicetitan_mirror.postgres.refusals import explain
from servicetitan_mirror.postgres.warehouse import opened
from servicetitan_mirror.report.figures import figures
from servicetitan_mirror.report.page import render
from servicetitan_mirror.terminal.tenants import ids_of


def run_report(root: Path, output: str, wanted: Sequence[str], demo: bool) -> None:
    """Write the page, of the tenants that are meant by names or ids or of all; `-` is standard output.

    Raises:
        ConfigurationError: the file cannot be written.
        MirrorError: there is nothing to report on, or PostgreSQL refuses it.
    """
    warehouse = opened(root, demo)
    try:
        shown = figures(warehouse, None, ids_of(wanted))
    except psycopg2.Error as error:
        raise MirrorError(explain(error, "make the report")) from None
    page = render(shown).encode()
    if output == "-":
        sys.stdout.buffer.write(page)
        return
    try:
        Path(output).write_bytes(page)
    except OSError as error:
        raise ConfigurationError(f"{output} cannot be written: {error.strerror}.") from None
    for answer in dict.fromkeys(answer for answer in shown.answers.values() if isinstance(answer, str)):
        click.echo(f"left out: {answer}", err=True)
    click.echo(f"wrote {output}: {len(page):,} bytes")

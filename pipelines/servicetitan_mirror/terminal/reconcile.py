"""What a reconciliation prints: a table of the modules, and below it what is wrong with which records."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import click
from rich.console import Console

from servicetitan_mirror.config import tenants
from servicetitan_mirror.config.loading import load_settings
from servicetitan_mirror.errors import Stopped
from servicetitan_mirror.operation.findings import KINDS, Result
from servicetitan_mirror.operation.reconcile import Reconciliation
from servicetitan_mirror.operation.wording import together
from servicetitan_mirror.options import Options
from servicetitan_mirror.places import ROOT
from servicetitan_mirror.postgres.warehouse import open_warehouse
from servicetitan_mirror.terminal.command import run_until_signalled
from servicetitan_mirror.terminal.guard import FAILED, exit_code, tell
from servicetitan_mirror.terminal.progress import LogLines
from servicetitan_mirror.terminal.screen import Column, console, table
from servicetitan_mirror.terminal.tenants import SEVERITY, chosen

COLUMNS = (
    Column("module", text=True),
    Column("source", spare=2),
    Column("mirror", spare=1),
    *(Column(kind) for kind in (*KINDS, "fixed")),
    Column("some of their ids", text=True, spare=3),
)


def run_reconcile(options: Options, deep: bool, fix: bool, wanted: Sequence[str], as_json: bool) -> int:
    """Reconcile the tenants that are meant by names or ids, one after the other; returns the greatest exit code."""
    codes, told = list[int](), list[dict[str, Any]]()
    for name in chosen(wanted):
        tenants.use(name)
        watcher = LogLines()
        try:
            results = _reconcile(options, deep, fix, watcher)
            code = 0 if all(result.is_well for result in results) else FAILED
        except Stopped:
            watcher.say("Stopped.")
            return FAILED
        except Exception as error:  # of one tenant: the others are reconciled all the same
            tell(error, watcher.say)
            results, code = [], exit_code(error)
        codes.append(code)
        if as_json:
            told.append({**({"tenant": name} if name else {}), "exit_code": code, "modules": [*map(_told, results)]})
        elif results:
            _print(console(sys.stdout), name, results)
    if as_json:
        click.echo(json.dumps(told if len(told) > 1 else told[0], indent=2))
    return max(codes, key=SEVERITY.index)


def _reconcile(options: Options, deep: bool, fix: bool, watcher: LogLines) -> list[Result]:
    """The results of the tenant in use."""
    settings = load_settings()
    options = replace(options, chosen=settings.asked)
    run = Reconciliation(settings, open_warehouse(ROOT), ROOT, options, deep, fix, watcher, watcher.say)
    return run_until_signalled(run, watcher)


def _print(screen: Console, tenant: str | None, results: Sequence[Result]) -> None:
    styles = ["" if result.is_well else "red" for result in results]
    screen.print(
        table(screen, COLUMNS, [[*_row(result)] for result in results], f"tenant {tenant}" if tenant else "", styles)
    )
    problems = [(result.entity.name, result.problem) for result in results if result.problem]
    notes = [(result.entity.name, note) for result in results for note in result.notes]
    for style, said in (("red", problems), ("yellow", notes)):
        for line in together(said, len(results)):
            screen.print(line, style=style, soft_wrap=True)
    screen.print(_summary(results), style="bold", soft_wrap=True)


def _row(result: Result) -> Iterator[str]:
    yield result.entity.name
    yield "?" if result.source_total is None else f"{result.source_total:,}"
    yield from (f"{getattr(result, name):,}" for name in ("mirror_total", *KINDS, "fixed"))
    ids = list(dict.fromkeys(id for kind in KINDS for id in result.ids.get(kind, [])))
    yield ", ".join(map(str, ids[:3])) + (", ..." if len(ids) > 3 else "")


def _summary(results: Sequence[Result]) -> str:
    wrong = sum(result.missing + result.extra + result.stale for result in results)
    fixed = sum(result.fixed for result in results)
    unnamed = wrong - sum(len(result.ids.get(kind, ())) for result in results for kind in KINDS)
    if not wrong:
        return "Nothing differs."
    if fixed == wrong:
        return f"{wrong:,} differed; all are mended."
    hint = " --deep names them all." if unnamed and not any(result.deep for result in results) else ""
    return f"{wrong:,} differ, {fixed:,} of them are mended.{hint}" + ("" if fixed else " --fix mends them.")


def _told(result: Result) -> dict[str, Any]:
    known = {key: value for key, value in vars(result).items() if key != "entity"}
    return {"module": result.entity.name, **known}

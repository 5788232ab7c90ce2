"""A sync as a command: its screen, its signals, its exit code."""

from __future__ import annotations

import math
import os
import signal
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Protocol, TypeVar

import click

from servicetitan_mirror import logs
from servicetitan_mirror.config import tenants
from servicetitan_mirror.config.loading import load_settings
from servicetitan_mirror.errors import LockedError, MirrorError, Stopped
from servicetitan_mirror.operation.announcer import Announcer
from servicetitan_mirror.options import Options
from servicetitan_mirror.places import ROOT
from servicetitan_mirror.postgres.warehouse import open_warehouse
from servicetitan_mirror.raw.outcomes import Outcome
from servicetitan_mirror.sync import Sync
from servicetitan_mirror.terminal import report
from servicetitan_mirror.terminal.guard import FAILED, exit_code, explain, tell
from servicetitan_mirror.terminal.progress import LiveProgress, LogLines
from servicetitan_mirror.terminal.screen import console
from servicetitan_mirror.terminal.tenants import STOPPED, chosen, error_json, is_one_of_several, run_several

GRACE = 7  # seconds that a sync has to end by itself; at any moment it may also be killed
OVERTIME = 30  # seconds that a sync has to end by itself when its time is over
T = TypeVar("T")
CUT_OFF = "The time that run_limit allows a sync is over, and it did not end by itself."


class Run(Protocol[T]):
    """What can be run to its end, or asked to end before."""

    def run(self) -> list[T]:
        """Run it."""

    def stop(self) -> None:
        """Ask it to end as soon as it can."""


def run_syncs(options: Options, wanted: Sequence[str], as_json: bool) -> int:
    """Sync the tenants that are meant by names or ids, or all of them; returns the exit code."""
    names = chosen(wanted)
    if len(names) > 1:
        return run_several([name for name in names if name], options, as_json)
    tenants.use(names[0])
    if not is_one_of_several():
        return run_sync(options, as_json)
    try:
        return run_sync(options, as_json)
    except MirrorError as error:  # its line has the tenant's name, too
        _say_to_parent(as_json, str(error))
        tell(error, LogLines().say)
        return exit_code(error)


def _say_to_parent(as_json: bool, problem: str) -> None:
    if as_json and is_one_of_several():
        click.echo(error_json(problem))


def run_sync(options: Options, as_json: bool = False, demo: bool = False) -> int:
    """One sync, shown on the terminal; returns the exit code."""
    settings = load_settings()
    screen = console(sys.stderr)
    is_live = not logs.is_json() and sys.stderr.isatty() and screen.is_interactive and not is_one_of_several()
    watcher = LiveProgress(screen) if is_live else LogLines()
    if demo:
        settings.alert_urls, settings.ping_url = "", None
    announcer = Announcer(settings, lambda text: watcher.say(text, "warning"))
    try:
        announcer.warehouse = warehouse = open_warehouse(ROOT, demo)
    except MirrorError:
        announcer.ended(well=False)
        raise
    sync = Sync(settings, warehouse, ROOT, options, watcher, announcer.began)
    started = time.monotonic()
    limit = settings.run_limit and settings.run_limit + options.wait + OVERTIME
    try:
        outcomes = run_until_signalled(sync, watcher, limit or math.inf)
    except Stopped:
        watcher.say(STOPPED)
        _say_to_parent(as_json, STOPPED)
        return FAILED
    except Exception as error:
        watcher.close()
        tell(error, watcher.say)
        _say_to_parent(as_json, explain(error))
        if not isinstance(error, LockedError):  # the other sync speaks for itself
            announcer.ended(well=False)
        return exit_code(error)
    finally:
        watcher.close()
    code = _show(outcomes, time.monotonic() - started, as_json)
    announcer.ended(well=not code)
    return code


def _show(outcomes: list[Outcome], seconds: float, as_json: bool) -> int:
    if as_json:
        click.echo(report.as_json(outcomes, seconds))
    else:
        if tenant := tenants.used():
            click.echo(f"tenant {tenant}")
        report.print_outcomes(console(sys.stdout), outcomes)
        click.echo(f"{seconds:.1f} seconds")
    return FAILED if any(outcome.status == "failed" for outcome in outcomes) else 0


def run_until_signalled(sync: Run[T], watcher: LiveProgress | LogLines, limit: float = math.inf) -> list[T]:
    """Run the sync; SIGTERM or SIGINT ask it to end, and what has not ended GRACE seconds later is cut off.

    A sync that has not ended after `limit` seconds is cut off too, whatever it hangs on: no other could begin. It runs
    in a thread of its own, so that signals are heard whatever it waits for.
    """
    signalled, latest = list[float](), time.monotonic() + limit

    def stop(*_: object) -> None:
        signalled.append(time.monotonic())
        sync.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    running = ThreadPoolExecutor(1).submit(sync.run)
    while not wait([running], 0.2).done:
        if time.monotonic() > min([latest, *(moment + GRACE for moment in signalled)]):
            watcher.say(STOPPED if signalled else f"{CUT_OFF} {STOPPED}")
            watcher.close()  # a terminal gets its cursor back
            os._exit(FAILED)
    return running.result()

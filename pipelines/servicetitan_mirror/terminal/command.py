"""A sync as a command: its screen, its signals, its exit code."""

from __future__ import annotations

import math
import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor, wait

import click

from servicetitan_mirror.config.settings import load_settings
from servicetitan_mirror.errors import Stopped
from servicetitan_mirror.options import Options
from servicetitan_mirror.places import ROOT
from servicetitan_mirror.postgres.warehouse import open_warehouse
from servicetitan_mirror.raw.outcomes import Outcome
from servicetitan_mirror.sync import Sync
from servicetitan_mirror.terminal import report
from servicetitan_mirror.terminal.guard import FAILED, exit_code, tell
from servicetitan_mirror.terminal.progress import LiveProgress, LogLines
from servicetitan_mirror.terminal.screen import console

GRACE = 7  # seconds that a sync has to end by itself; at any moment it may also be killed
OVERTIME = 30  # seconds that a sync has to end by itself when its time is over
CUT_OFF = "The time that run_limit allows a sync is over, and it did not end by itself."
STOPPED = "Stopped; what has landed stays, the next sync goes on from there."


def run_sync(options: Options, as_json: bool = False, demo: bool = False) -> int:
    """One sync, shown on the terminal; returns the exit code."""
    settings = load_settings()
    screen = console(sys.stderr)
    watcher = LiveProgress(screen) if sys.stderr.isatty() and screen.is_interactive else LogLines()
    sync = Sync(settings, open_warehouse(ROOT, demo), ROOT, options, watcher)
    started = time.monotonic()
    limit = settings.run_limit and settings.run_limit + options.wait + OVERTIME
    try:
        outcomes = run_until_signalled(sync, watcher, limit or math.inf)
    except Stopped:
        watcher.say(STOPPED)
        return FAILED
    except Exception as error:
        watcher.close()
        tell(error, watcher.say)
        return exit_code(error)
    finally:
        watcher.close()
    return _show(outcomes, time.monotonic() - started, as_json)


def _show(outcomes: list[Outcome], seconds: float, as_json: bool) -> int:
    if as_json:
        click.echo(report.as_json(outcomes, seconds))
    else:
        report.print_outcomes(console(sys.stdout), outcomes)
        click.echo(f"{seconds:.1f} seconds")
    return FAILED if any(outcome.status == "failed" for outcome in outcomes) else 0


def run_until_signalled(sync: Sync, watcher: LiveProgress | LogLines, limit: float = math.inf) -> list[Outcome]:
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

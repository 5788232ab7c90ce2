"""The schedule: changes every few minutes, everything once a night, never two at once.

Each sync is a process of its own, so that nothing it does or loses can end the worker. SIGTERM ends the
worker: it asks a running sync to end, waits for it, and goes.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

import click
import dlt
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from servicetitan_mirror.errors import ConfigurationError

COMMAND = (
    sys.executable,
    str(Path(__file__).absolute().parent.parent / "servicetitan.py"),
    "--triggered-by",
    "scheduled",
)
GRACE = 3600  # seconds by which a run may start late, because another one is still at work


class Worker:
    """Runs the command on a schedule: every `minutes`, and in full each day at `full_at`, `HH:MM` local time."""

    def __init__(self, minutes: float, full_at: str, command: tuple[str, ...] = COMMAND) -> None:
        self._command = command
        self._running: subprocess.Popen[bytes] | None = None
        self._ending = False
        self._scheduler = BlockingScheduler(
            executors={"default": ThreadPoolExecutor(1)},  # never two at once
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": GRACE},
        )
        hour, minute = _clock_time(full_at)
        self._scheduler.add_job(self._sync, CronTrigger(hour=hour, minute=minute), args=["--full"], id="full")
        self._scheduler.add_job(self._sync, IntervalTrigger(minutes=minutes), id="incremental")
        self._scheduler.add_job(self._sync, id="first")

    def run(self) -> None:
        """Work until SIGTERM or SIGINT."""
        signal.signal(signal.SIGTERM, self._end)
        signal.signal(signal.SIGINT, self._end)
        self._scheduler.start()

    def _sync(self, *arguments: str) -> None:
        if self._ending:
            return
        self._running = subprocess.Popen([*self._command, *arguments])
        code = self._running.wait()
        self._running = None
        click.echo(f"sync ended with exit code {code}", err=True)

    def _end(self, number: int, frame: FrameType | None) -> None:
        self._ending = True
        if self._running:
            self._running.terminate()
        self._scheduler.shutdown(wait=False)


def run_worker() -> None:
    """Work by the settings of `[worker]`.

    Raises:
        ConfigurationError: `every_minutes` or `full_at` makes no sense.
    """
    minutes, full_at = dlt.config.get("worker.every_minutes", float), dlt.config.get("worker.full_at", str)
    minutes, full_at = 5.0 if minutes is None else minutes, full_at or "02:00"
    if minutes <= 0:
        raise ConfigurationError(f"WORKER__EVERY_MINUTES is {minutes}; it must be more than 0.")
    click.echo(f"syncing every {minutes:g} minutes, in full daily at {full_at}", err=True)
    Worker(minutes, full_at).run()


def _clock_time(text: str) -> tuple[int, int]:
    hour, _, minute = text.partition(":")
    if not (hour.isdigit() and minute.isdigit() and int(hour) < 24 and int(minute) < 60):
        raise ConfigurationError(f"WORKER__FULL_AT is {text!r}; it must be a time like 02:00.")
    return int(hour), int(minute)

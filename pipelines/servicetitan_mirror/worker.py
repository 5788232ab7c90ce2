"""The schedule: changes every few minutes, everything once a night, never two at once.

Each sync is a process of its own, so that nothing it does or loses can end the worker. SIGTERM ends the
worker: it asks a running sync to end, waits for it, and goes.
"""

from __future__ import annotations

import signal
import subprocess
import warnings
from datetime import time
from types import FrameType

import click
import pendulum
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from pendulum import FixedTimezone, Time, Timezone
from pendulum.tz.local_timezone import get_local_timezone

from servicetitan_mirror.config.checks import Clock, Number, Rule
from servicetitan_mirror.config.settings import load_settings, read_setting, reject_unknown
from servicetitan_mirror.places import COMMAND

SECTION = ("worker",)
RULES: dict[str, Rule] = {"every_minutes": Number(0.01, 1_440), "full_at": Clock()}
SYNC = (*COMMAND, "sync", "--triggered-by", "scheduled")
GRACE = 3600  # seconds by which a run may start late, because another one is still at work


class Worker:
    """Runs the command on a schedule: every `minutes`, and in full each day at `full_at`, local time."""

    def __init__(self, minutes: float, full_at: time, command: tuple[str, ...] = SYNC) -> None:
        self._command = command
        self._running: subprocess.Popen[bytes] | None = None
        self._ending = False
        zone = _zone()
        self._scheduler = BlockingScheduler(
            timezone=zone,
            executors={"default": ThreadPoolExecutor(1)},  # never two at once
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": GRACE},
        )
        nightly = CronTrigger(hour=full_at.hour, minute=full_at.minute, timezone=zone)
        self._scheduler.add_job(self._sync, nightly, args=["--full"], id="full")
        self._scheduler.add_job(self._sync, IntervalTrigger(minutes=minutes, timezone=zone), id="incremental")
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
        ConfigurationError: a setting makes no sense; those of a sync are looked at too, before the first one.
    """
    reject_unknown(SECTION, RULES)
    minutes = read_setting(SECTION, "every_minutes", RULES["every_minutes"], 5.0)
    full_at = read_setting(SECTION, "full_at", RULES["full_at"], Time(2))
    load_settings()
    click.echo(f"syncing every {minutes:g} minutes, in full daily at {full_at:%H:%M} ({_zone().name})", err=True)
    Worker(minutes, full_at).run()


def _zone() -> Timezone | FixedTimezone:
    """The machine's time zone, `TZ` before all; UTC where nobody can tell."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return get_local_timezone()
        except (ValueError, OSError, RuntimeError):
            return pendulum.UTC

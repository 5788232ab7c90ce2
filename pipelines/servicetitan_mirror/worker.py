"""The schedule: changes every few minutes, everything once a night, never two of a tenant at once.

Each sync is a process of its own, so that nothing it does or loses can end the worker. SIGTERM ends the
worker: it asks a running sync to end, waits for it, and goes. Each of several tenants has a schedule of its own, so
that none waits for a slow one; no more than `tenants_at_once` are at work at the same time.

Where systemd has started it, it hears that the schedule runs, and then, from the schedule's own thread of control, that
it is alive. A sync that hangs is ended by its own limits and is no reason to restart the worker.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import time, timezone, tzinfo
from typing import Protocol

from apscheduler.events import EVENT_SCHEDULER_STARTED
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from pendulum import Time

from servicetitan_mirror import logs
from servicetitan_mirror.config.checks import Clock, Number, Rule
from servicetitan_mirror.config.loading import load_settings, load_tenants_at_once
from servicetitan_mirror.config.reading import read_setting, reject_unknown
from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.forked import Forked, is_as_imported
from servicetitan_mirror.operation.outages import Outages
from servicetitan_mirror.places import COMMAND, ONE_OF_SEVERAL
from servicetitan_mirror.schedule import Nightly, machines_zone
from servicetitan_mirror.systemd import ALIVE, READY, STOPPING, notify, watchdog_seconds

SECTION = ("worker",)
RULES: dict[str, Rule] = {"every_minutes": Number(0.01, 1_440), "full_at": Clock()}
SYNC = ("sync", "--triggered-by", "scheduled")
LOCKED = 3  # the exit code of a sync that found another one at work
SYSTEMD = " systemd"  # the name of no tenant
GRACE = 3600  # seconds by which a run may start late, because another one is still at work


class Running(Protocol):
    """A process that was begun."""

    def wait(self) -> int:
        """Its exit code, when it has ended."""

    def terminate(self) -> None:
        """Ask it to end."""


def _begin(arguments: Sequence[str]) -> Running:
    return subprocess.Popen([*COMMAND, *arguments])


def _begin_one_of_many(arguments: Sequence[str]) -> Running:
    if is_as_imported():
        return Forked(arguments)
    os.environ[ONE_OF_SEVERAL] = "yes"
    return _begin(arguments)


class Worker:
    """Runs the command on a schedule: every `minutes`, and in full each day at `full_at`.

    That is by the clock of each tenant's zone, of the machine's where `zones` has none.

    It does so for each of the tenants, None being the one without a name, for `at_once` of them at the same time.
    """

    def __init__(
        self,
        minutes: float,
        full_at: time,
        begin: Callable[[Sequence[str]], Running] = _begin,
        tenants: Sequence[str | None] = (None,),
        at_once: int = 1,
        zones: Mapping[str | None, tzinfo] | None = None,
    ) -> None:
        self._begin = begin
        self._running: dict[str | None, Running] = {}
        self._places = threading.BoundedSemaphore(at_once)
        self._outages = Outages()
        self._ending = False
        self._scheduler = BackgroundScheduler(
            timezone=timezone.utc,
            executors={  # never two of one at once
                **{name or "default": ThreadPoolExecutor(1) for name in tenants},
                SYSTEMD: ThreadPoolExecutor(1),
            },
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": GRACE},
        )
        often = IntervalTrigger(minutes=minutes, timezone=timezone.utc)
        for name in tenants:
            place, nightly = name or "default", Nightly(full_at, (zones or {}).get(name) or machines_zone())
            self._scheduler.add_job(self._sync, nightly, [name, "--full"], id=f"full {place}", executor=place)
            self._scheduler.add_job(self._sync, often, [name], id=f"incremental {place}", executor=place)
            self._scheduler.add_job(self._sync, args=[name], id=f"first {place}", executor=place)

        self._scheduler.add_listener(lambda event: notify(READY), EVENT_SCHEDULER_STARTED)
        if seconds := watchdog_seconds():
            alive = IntervalTrigger(seconds=seconds, timezone=timezone.utc)
            self._scheduler.add_job(notify, alive, [ALIVE], id=SYSTEMD, executor=SYSTEMD)

    def run(self) -> None:
        """Work until SIGTERM or SIGINT."""
        heard, told = socket.socketpair()  # a handler may take no lock, and one that waits for a lock may miss a signal
        told.setblocking(False)
        signal.set_wakeup_fd(told.fileno())
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: None)
        self._scheduler.start()
        heard.recv(1)
        self._end()

    def _sync(self, tenant: str | None, *arguments: str) -> None:
        of = ["--tenant", tenant] if tenant else []
        with self._places:
            if self._ending:
                return
            process = self._running[tenant] = self._begin([*SYNC, *of, *arguments])
            if self._ending:
                process.terminate()
            code = process.wait()
            del self._running[tenant]
        ended = f"sync{f' of {tenant}' if tenant else ''} ended with exit code {code}"
        logs.say(ended, "error" if code else "info", tenant=tenant, exit_code=code)
        if not self._ending and code != LOCKED:
            for problem in self._outages.ended(tenant, code != 0):
                logs.say(problem, "error", tenant=tenant)

    def _end(self) -> None:
        self._ending = True
        notify(STOPPING)
        for process in [*self._running.values()]:
            process.terminate()
        self._scheduler.shutdown(wait=False)


def run_worker(tenants: Sequence[str | None] = (None,)) -> None:
    """Work by the settings of `[worker]`, for each of the tenants; None is the one that has no name.

    Raises:
        ConfigurationError: a setting makes no sense; those of a sync are looked at too, before the first one.
    """
    reject_unknown(SECTION, RULES)
    minutes = read_setting(SECTION, "every_minutes", RULES["every_minutes"], 5.0)
    full_at = read_setting(SECTION, "full_at", RULES["full_at"], Time(2))
    zones = _zones(tenants)
    named = ", ".join(dict.fromkeys(str(zone) for zone in zones.values()))
    logs.say(f"syncing every {minutes:g} minutes, in full daily at {full_at:%H:%M} ({named})")
    begin = _begin_one_of_many if len(tenants) > 1 else _begin
    Worker(minutes, full_at, begin, tenants, load_tenants_at_once(), zones).run()


def _zones(tenants: Sequence[str | None]) -> dict[str | None, tzinfo]:
    """Whose clock tells when it is night: the tenant's own, else the machine's.

    So the settings are looked at before the first sync; what is wrong with one of several stops only that one.
    """
    problems, zones = [], dict[str | None, tzinfo]()
    for name in tenants:
        zones[name] = machines_zone()
        try:
            settings = load_settings(name)
            if settings.timezone:
                zones[name] = settings.zone
        except ConfigurationError as problem:
            problems.append(problem)
            if len(tenants) > 1:
                logs.say(str(problem), "error", tenant=name)
    if len(problems) == len(tenants):
        raise problems[0]
    return zones

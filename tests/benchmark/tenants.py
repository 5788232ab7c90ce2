"""The part that shows what many tenants in one database cost: cycles of ten and of two hundred."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmark import process
from benchmark.figures import Figure, Part
from benchmark.ground import Ground, address
from benchmark.scale import Scale
from benchmark.tenant import LARGE, LATER
from servicetitan_simulator import APP_KEY, CLIENT_ID, CLIENT_SECRET, SimulatorClient

CHANGES = 50  # of each tenant
PREFIX = "SOURCES__SERVICETITAN__"
CONNECTIONS = "select count(*) from pg_stat_activity where datname = 'mirror' and pid <> pg_backend_pid()"


def tenants_part(ground: Ground, scale: Scale, say: Callable[[str], None]) -> Iterable[Part]:
    """First, idle and changed cycles of a few and of many tenants, and what grows with their number."""
    few, many = (_measured(ground, count, say) for count in scale.tenants)
    yield from (few[1], many[1])
    growth = tuple(b / a for a, b in zip(few[0], many[0], strict=True))
    figures = (Figure("idle cycle a tenant, many ÷ few", "×", growth[:1], 1.1), Figure("changed", "×", growth[1:], 1.1))
    yield Part(f"From {scale.tenants[0]} to {scale.tenants[1]} tenants", figures)


def _measured(ground: Ground, count: int, say: Callable[[str], None]) -> tuple[tuple[float, float], Part]:
    say(f"{count} tenants")
    with _franchise(ground, count) as sources:
        cycle = Cycle(ground, sources)
        first = cycle.run()
        cycle.pass_time()
        cycle.run()
        cycle.pass_time()
        say("idle and changed cycle")
        idle = cycle.run()
        for source in sources:
            for place, entity in enumerate(LARGE):
                source.touch(entity, count=CHANGES // len(LARGE) + (place < CHANGES % len(LARGE)))
        changed = cycle.run()
    each = (idle.seconds / count, changed.seconds / count)
    figures = (
        Figure("first cycle", "s", (first.seconds,)),
        Figure("idle cycle", "s", (idle.seconds,), 300),
        Figure("idle: seconds a tenant", "s", each[:1]),
        Figure(f"cycle with {CHANGES} changes each", "s", (changed.seconds,)),
        Figure("changed: seconds a tenant", "s", each[1:]),
        Figure("connections at most", "", (float(cycle.connections),)),
        Figure("peak memory of a process", "MB", (max(idle.peak, changed.peak),)),
    )
    return each, Part(f"{count} tenants in one database", figures)


class Cycle:
    """Syncs of all tenants, by one command."""

    def __init__(self, ground: Ground, sources: list[SimulatorClient]) -> None:
        self.connections = 0
        self._ground = ground
        self._sources = sources
        self._clock = 0.0
        self._database = ground.new_database("mirror")
        shared = {"CLIENT_ID": CLIENT_ID, "CLIENT_SECRET": CLIENT_SECRET, "APP_KEY": APP_KEY}
        named = {
            f"TENANTS__T{number}__{key}": value
            for number, source in enumerate(sources, 1)
            for key, value in (("TENANT_ID", str(number)), ("API_URL", source.url), ("AUTH_URL", source.url))
        }
        settings = {PREFIX + key: value for key, value in (shared | named).items()}
        self._environment = ground.environment(DESTINATION__POSTGRES__CREDENTIALS=address(self._database), **settings)

    def run(self) -> process.Ran:
        """One sync of each tenant."""
        program = str(self._ground.root / "pipelines" / "servicetitan.py")
        over = threading.Event()
        watch = threading.Thread(target=self._watch, args=[over])
        watch.start()
        try:
            return process.run([sys.executable, program, "--json"], self._environment, self._ground.root)
        finally:
            over.set()
            watch.join()

    def pass_time(self) -> None:
        """So much that the next cycle reads nothing again that the last one has read."""
        self._clock += LATER
        for source in self._sources:
            source.settings(clock_offset=self._clock)

    def _watch(self, over: threading.Event) -> None:
        while not over.wait(1):
            ((count,),) = self._ground.query(self._database, CONNECTIONS)
            self.connections = max(self.connections, count)


@contextmanager
def _franchise(ground: Ground, count: int) -> Iterator[list[SimulatorClient]]:
    command = [sys.executable, "-m", "benchmark.franchise", str(count)]
    environment = ground.environment()
    environment["PYTHONPATH"] += f":{Path(__file__).parents[1]}"
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        urls = json.loads(running.stdout.readline() if running.stdout else "[]")
        yield [SimulatorClient(url) for url in urls]
        running.terminate()

"""A tenant and its mirror: sync it, change it, count what a sync did."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmark import process
from benchmark.ground import Ground, address
from servicetitan_mirror.entities import STANDARD
from servicetitan_simulator import SimulatorClient

PAGE_SIZE = 500
UNLIMITED = 100_000.0  # calls per second
LATER = 1_200.0  # seconds; twice the overlap with which an incremental sync reads again what it has read
LARGE = [entity.name for entity in STANDARD if entity.phase > 1]  # all but reference data
TABLES = """
from pg_stat_user_tables
where schemaname = 'raw_servicetitan' and relname = any(%s) or schemaname = 'public' and relname like 'st\\_%%'
"""


@dataclass(frozen=True)
class Synced:
    """A sync or a floor that has ended, with what the API saw of it.

    `simulated` is the simulator's CPU in seconds, `served` PostgreSQL's.
    """

    ran: process.Ran
    requests: int
    tokens: int
    throttled: int
    simulated: float
    served: float

    @property
    def cpu(self) -> float:
        """CPU seconds of the program and of PostgreSQL."""
        return self.ran.cpu + self.served

    @property
    def records(self) -> int:
        """Distinct records read."""
        return sum(module["fetched"] for module in json.loads(self.ran.output)["modules"])


@dataclass
class Tenant:
    """A tenant behind a simulator, and the database that mirrors it: `every` list, or the standard ones."""

    ground: Ground
    source: SimulatorClient
    every: bool = False
    database: str = field(init=False)
    _clock: float = 0.0

    def __post_init__(self) -> None:
        self.database = self.ground.new_database("mirror")

    def floor(self) -> Synced:
        """Fetch and store everything, in a database of its own."""
        database = self.ground.new_database("floor")
        program = str(Path(__file__).with_name("floor.py"))
        every = ["every"] if self.every else []
        return self._observed([sys.executable, program, self.source.url, database, *every], self.ground.environment())

    def first_sync(self, per_second: float = UNLIMITED) -> Synced:
        """A full sync into an empty database."""
        self.database = self.ground.new_database("mirror")
        return self.sync("--full", per_second=per_second)

    def sync(self, *arguments: str, per_second: float = UNLIMITED) -> Synced:
        """Run the command; it is told how many calls per second it may make."""
        settings = {
            **self.source.credentials._asdict(),
            "tenant_id": self.source.tenant_id,
            "api_url": self.source.url,
            "auth_url": self.source.url,
            "page_size": PAGE_SIZE,
            "requests_per_second": per_second,
        }
        settings |= {"entities": '["*"]', "every": "always"} if self.every else {}
        variables = {f"SOURCES__SERVICETITAN__{name.upper()}": str(value) for name, value in settings.items()}
        environment = self.ground.environment(DESTINATION__POSTGRES__CREDENTIALS=address(self.database), **variables)
        program = str(self.ground.root / "pipelines" / "servicetitan.py")
        return self._observed([sys.executable, program, "--json", *arguments], environment)

    def _observed(self, command: list[str], environment: dict[str, str]) -> Synced:
        self.source.reset_calls()
        simulated, served = self.source.calls()["cpu_seconds"], self.ground.server_cpu()
        ran = process.run(command, environment, self.ground.root)
        calls, served = self.source.calls(), self.ground.server_cpu() - served
        throttled = calls["statuses"].get("429", 0)
        return Synced(ran, calls["total"], calls["tokens"], throttled, calls["cpu_seconds"] - simulated, served)

    def settle(self) -> None:
        """Let time pass on the tenant's clock, and sync: the next sync reads nothing again that this one has read."""
        self.pass_time(LATER)
        self.sync()

    def pass_time(self, seconds: float) -> None:
        """Let time pass on the tenant's clock."""
        self._clock += seconds
        self.source.settings(clock_offset=self._clock)

    def change(self, count: int) -> None:
        """Change so many records, spread over all large lists."""
        share, rest = divmod(count, len(LARGE))
        for place, entity in enumerate(LARGE):
            self.source.touch(entity, count=share + (place < rest))

    def statements(self, work: Callable[[], object]) -> int:
        """How many SQL statements `work` sends to the mirror, those inside functions not counted."""
        (name,) = self.ground.query(self.database, "select current_database()")[0]
        start = self.ground.log.stat().st_size
        self.ground.query(self.database, f"alter database {name} set log_statement = 'all'")
        work()
        self.ground.query(self.database, f"alter database {name} reset log_statement")
        with self.ground.log.open("rb") as log:
            log.seek(start)
            lines = log.read().splitlines()
        return sum(b"LOG:  statement: " in line or b"LOG:  execute " in line for line in lines) - 2

    def written(self) -> tuple[int, int]:
        """Rows ever inserted, updated or deleted in the landed and the st_ tables, and the tables' bytes."""
        time.sleep(1)  # a connection counts when it has ended
        sums = "sum(n_tup_ins + n_tup_upd + n_tup_del)::bigint, sum(pg_total_relation_size(relid))::bigint"
        names = [entity.name for entity in STANDARD]
        ((rows, size),) = self.ground.query(self.database, f"select {sums} {TABLES}", (names,))
        return rows, size

    def rows(self) -> int:
        """Rows of the landed and the st_ tables."""
        names = [entity.name for entity in STANDARD]
        tables = self.ground.query(self.database, f"select relid::regclass::text {TABLES}", (names,))
        counts = (self.ground.query(self.database, f"select count(*) from {table}")[0][0] for (table,) in tables)
        return sum(counts)

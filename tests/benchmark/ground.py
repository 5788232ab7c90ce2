"""Where it happens: a copy of the product, a PostgreSQL and simulators of its own, all gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
import psycopg2
from psycopg2.extensions import make_dsn, parse_dsn

from servicetitan_mirror.postgres import embedded
from servicetitan_simulator import SimulatorClient

PRODUCT = Path(__file__).resolve().parents[2]
LEFT_BY_RUNS = ("__pycache__", "target", "logs", "secrets.toml")
CONFIGURED = ("SOURCES__", "DESTINATION__", "DLT_", "DBT_", "PG", "RUNTIME__")


@dataclass(frozen=True)
class Ground:
    """A folder with the product in it, and the embedded server on which databases are made."""

    root: Path
    server: str
    data: Path

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.data / "log"

    def server_cpu(self) -> float:
        """CPU seconds of the server so far, of its ended connections too."""
        postmaster = psutil.Process(int((self.data / "postmaster.pid").read_text().split()[0]))
        ended = postmaster.cpu_times()
        alive = [_own_cpu(process) for process in (postmaster, *postmaster.children())]
        return float(sum(alive) + ended.children_user + ended.children_system)

    def new_database(self, name: str) -> str:
        """An empty database, in place of any of that name; its libpq connection string.

        One name serves many syncs, since dbt parses its project anew for every other one.
        """
        self.query(self.server, f"drop database if exists {name} with (force)")
        self.query(self.server, f"create database {name}")
        return str(make_dsn(self.server, dbname=name))

    def query(self, dsn: str, sql: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Run one statement; its rows, or none for a statement without a result."""
        with closing(psycopg2.connect(dsn)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(sql, values or None)
                return cursor.fetchall() if cursor.description else []

    def environment(self, **variables: str) -> dict[str, str]:
        """The environment of a program of the product: nothing configured but the variables."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(CONFIGURED)}
        return {**inherited, "PYTHONPATH": str(self.root / "pipelines"), **variables}


@contextmanager
def prepared() -> Iterator[Ground]:
    """The ground, for as long as the block runs. SIGTERM ends the block as an interrupt does.

    The product is copied, so that changes to it during a long run do not mix into what is measured.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = Path(tempfile.mkdtemp(prefix="benchmark-"))
    folder.chmod(0o711)  # as root the server runs as somebody else, who has to get there
    data = folder / "data"
    try:
        for name in ("dbt_project", "pipelines", ".dlt"):
            shutil.copytree(PRODUCT / name, folder / "root" / name, ignore=shutil.ignore_patterns(*LEFT_BY_RUNS))
        yield Ground(folder / "root", embedded.start(data), data)
    finally:
        embedded.stop(data)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def simulator(ground: Ground, customers: int) -> Iterator[SimulatorClient]:
    """A simulator without a rate limit, in a process of its own."""
    program = str(ground.root / "pipelines" / "servicetitan.py")
    command = [sys.executable, program, "simulate", "--port", "0", "--customers", str(customers)]
    process = subprocess.Popen(command, env=ground.environment(), stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline() if process.stdout else ""
        url = next((word for word in line.split() if word.startswith("http")), None)
        if url is None:
            raise RuntimeError("the simulator does not start")
        with closing(SimulatorClient(url)) as source:
            source.settings(requests_per_second=0)
            yield source
    finally:
        process.terminate()
        process.wait()


def _own_cpu(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


def address(dsn: str) -> str:
    """A libpq connection string of the embedded server as a URL."""
    parts = parse_dsn(dsn)
    return f"postgresql://{parts['user']}@/{parts['dbname']}?host={parts['host']}"

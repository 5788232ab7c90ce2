"""Dagster on this machine as one program: code server, web server and daemon on loopback, until Ctrl-C.

python -m orchestration.local                  the tenants of the settings
python -m orchestration.local --simulated 8    made-up ones, in a database of their own, which begins anew
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

import click
import yaml
from psycopg2.extensions import make_dsn

from orchestration import instance
from orchestration.simulated import simulated, without_settings
from servicetitan_mirror.config import lookup
from servicetitan_mirror.config.loading import load_tenants_at_once
from servicetitan_mirror.places import HERE, ROOT
from servicetitan_mirror.postgres import embedded
from servicetitan_mirror.postgres.warehouse import EMBEDDED_FOLDER, WORKING_FOLDER, Warehouse, open_warehouse, query

LOOPBACK = "127.0.0.1"
DATABASE = "servicetitan_dagster"  # of the made-up tenants
GRACE = 20  # seconds that a process has to end by itself
ENDED = {signal.SIGINT, signal.SIGTERM}


class Programs:
    """Processes that live and die together; each has a group of its own, so that Ctrl-C reaches us alone."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._over = threading.Event()

    def start(self, name: str, *command: str) -> None:
        """Start one, as a module's program of this Python."""
        self._running[name] = subprocess.Popen(
            [sys.executable, "-m", *command], env=self._environment, cwd=ROOT, start_new_session=True
        )

    def wait_for(self, port: int) -> None:
        """Wait until somebody listens on a port of loopback, or it is over, or one has ended by itself."""
        while not self._over.wait(0.3) and not self._ended():
            with suppress(OSError), socket.create_connection((LOOPBACK, port), 1):
                return

    def stop(self, *_: object) -> None:
        """Let `wait` return."""
        self._over.set()

    def wait(self) -> str | None:
        """Wait until `stop`, or until one has ended by itself; its name."""
        while not self._over.wait(0.3):
            if ended := self._ended():
                return ended
        return None

    def _ended(self) -> str | None:
        return next((name for name, process in self._running.items() if process.poll() is not None), None)

    def end(self) -> None:
        """End them, the last one first, with all that they have started."""
        for process in reversed(self._running.values()):
            _signal(process, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(GRACE)
            _signal(process, signal.SIGKILL)
            process.wait()


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=3000, show_default=True, help="Of the page on loopback."
)
@click.option("--simulated", "count", type=click.IntRange(0, 1_000), default=0, help="So many made-up tenants.")
@click.option("--customers", type=click.IntRange(1), default=40, show_default=True, help="Of each made-up tenant.")
def main(port: int, count: int, customers: int) -> None:
    """Serve Dagster on this machine until Ctrl-C."""
    home = ROOT / WORKING_FOLDER / ("dagster-simulated" if count else "dagster")
    with ExitStack() as running:
        if count:
            os.environ.update(running.enter_context(_made_up(count, customers, home)))
        lookup.use()
        at_once = min(load_tenants_at_once(), os.cpu_count() or 1) if count else load_tenants_at_once()
        environment = {**os.environ, **_environment(home, at_once)}
        programs = Programs(environment)
        for number in ENDED:
            signal.signal(number, programs.stop)
        code = _run(programs, home, port or _free_port())
    sys.exit(code)


def _run(programs: Programs, home: Path, port: int) -> int:
    at = _free_port()
    workspace = home / "workspace.yaml"
    server = {"host": LOOPBACK, "port": at, "location_name": "servicetitan"}
    workspace.write_text(yaml.safe_dump({"load_from": [{"grpc_server": server}]}))
    of_workspace = ("-w", str(workspace))
    code_server = ("code-server", "start", "-h", LOOPBACK, "-p", str(at), "-m", "orchestration.definitions")
    try:
        programs.start("code server", "dagster", *code_server)
        programs.wait_for(at)
        programs.start("web server", "dagster_webserver", "-h", LOOPBACK, "-p", str(port), *of_workspace)
        programs.start("daemon", "dagster._daemon", "run", *of_workspace)
        threading.Thread(target=_announce, args=[f"http://{LOOPBACK}:{port}"], daemon=True).start()
        ended = programs.wait()
    finally:
        programs.end()
    click.echo(f"The {ended} has ended by itself." if ended else "Stopped.", err=True)
    return 1 if ended else 0


@contextmanager
def _made_up(count: int, customers: int, home: Path) -> Iterator[dict[str, str]]:
    """The environment that leads to made-up tenants and to a new database."""
    environment = without_settings()
    os.environ.clear()
    os.environ.update(environment)
    server = embedded.start(ROOT / EMBEDDED_FOLDER)
    with closing(Warehouse(make_dsn(server, dbname="postgres")).connect()) as connection:
        query(connection, f"drop database if exists {DATABASE} with (force)")
    url = Warehouse(embedded.start(ROOT / EMBEDDED_FOLDER, DATABASE)).url()
    with simulated(count, customers, 6, home, url):
        yield {"DLT_PROJECT_DIR": str(home)}


def _environment(home: Path, at_once: int) -> dict[str, str]:
    address = instance.storage(open_warehouse(ROOT))
    instance.write(home, at_once, at_once)
    path = os.pathsep.join(filter(None, [str(HERE.parent), os.environ.get("PYTHONPATH")]))
    return {"DAGSTER_HOME": str(home), instance.STORAGE: address, "PYTHONPATH": path}


def _announce(url: str) -> None:
    while True:
        with suppress(OSError), urllib.request.urlopen(f"{url}/server_info", timeout=5):
            click.echo(f"Dagster is at {url}", err=True)
            return
        time.sleep(1)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        return int(listener.getsockname()[1])


if __name__ == "__main__":
    main()

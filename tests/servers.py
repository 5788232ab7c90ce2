"""PostgreSQL servers that tests start, and databases on them."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from psycopg2.extensions import make_dsn

from servicetitan_mirror.postgres import embedded
from servicetitan_mirror.postgres.warehouse import Warehouse, query

DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")
_numbers = itertools.count(1)


@dataclass
class Debian15:
    """Debian's PostgreSQL 15 on a socket in its folder; its postgres user runs it, since root may not."""

    folder: Path

    @property
    def warehouse(self) -> Warehouse:
        """Its first database."""
        return Warehouse(f"host={self.folder} user=postgres dbname=postgres")

    def run(self, program: str, *arguments: str) -> None:
        """One of PostgreSQL's programs on the server's data."""
        as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*as_postgres, str(DEBIAN_15 / program), "-D", str(self.folder / "data"), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder)

    def control(self, action: str, *arguments: str) -> None:
        """Start, stop or restart it."""
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c fsync=off"
        self.run("pg_ctl", "-w", "-o", options, "-l", str(self.folder / "log"), action, *arguments)


@contextmanager
def debian_15_server() -> Iterator[Debian15]:
    """A running server, whose data need not last."""
    server = Debian15(Path(tempfile.mkdtemp(prefix="mirror15-")))
    if os.geteuid() == 0:
        shutil.chown(server.folder, "postgres")
    server.run("initdb", "-U", "postgres", "--auth=trust", "--no-sync")
    server.control("start")
    try:
        yield server
    finally:
        server.control("stop", "-m", "immediate")
        shutil.rmtree(server.folder, ignore_errors=True)


@contextmanager
def embedded_server() -> Iterator[Warehouse]:
    """The embedded PostgreSQL 18, as the product starts it, but for data that need not last."""
    folder = Path(tempfile.mkdtemp(prefix="mirror18-"))
    folder.chmod(0o711)  # as root the server runs as somebody else, who has to get there
    warehouse = Warehouse(embedded.start(folder / "data"))
    with closing(warehouse.connect()) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            query(connection, f"alter system set {setting} = off")
        query(connection, "select pg_reload_conf()")
    try:
        yield warehouse
    finally:
        embedded.stop(folder / "data")
        shutil.rmtree(folder, ignore_errors=True)


def new_database(server: Warehouse, template: Warehouse | None = None) -> Warehouse:
    """A new database on the server, a copy of the template's."""
    name = f"test_{next(_numbers)}"
    model = template.parameters["dbname"] if template else "template1"
    with closing(Warehouse(make_dsn(server.dsn, dbname="postgres")).connect()) as connection:
        query(connection, f"create database {name} template {model}")
    return Warehouse(make_dsn(server.dsn, dbname=name))

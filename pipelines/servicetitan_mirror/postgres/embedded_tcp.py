"""The embedded server on loopback, for tools that know no unix sockets: a port and a password, kept beside the data."""

from __future__ import annotations

import json
import re
import secrets
import socket
import sys
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg2
from psycopg2.extensions import make_dsn

from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.postgres.embedded_home import Home

ADDRESS = "127.0.0.1"
PORTS = range(15_432, 15_532)  # below those that systems give to outgoing connections
FILE = "servicetitan_tcp.json"


@dataclass(frozen=True)
class Access:
    """A port of loopback, and the password that the server asks for there."""

    port: int
    password: str

    def dsn(self, database: str) -> str:
        """The connection string."""
        return str(make_dsn(host=ADDRESS, port=self.port, user="postgres", password=self.password, dbname=database))

    def answers(self) -> bool:
        """Whether the server takes the password there."""
        with suppress(psycopg2.Error):
            psycopg2.connect(self.dsn("postgres"), connect_timeout=5).close()
            return True
        return False


def read(data: Path) -> Access | None:
    """The access that was made, or None."""
    with suppress(OSError, ValueError, TypeError):
        return Access(**json.loads((data / FILE).read_text()))
    return None


def prepare(here: Home, dsn: str) -> Access:
    """Set a password, ask for it on loopback, and keep it; the server listens there when it starts again."""
    known = read(here.data)
    access = Access(_free_port(), known.password if known else secrets.token_urlsafe(24))
    _ask_for_passwords(here)
    with closing(psycopg2.connect(dsn)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("set password_encryption = 'scram-sha-256'")
        cursor.execute("alter role postgres password %s", (access.password,))
    here.write(here.data / FILE, json.dumps(asdict(access)))
    return access


def options(here: Home) -> list[str]:
    """The server's options: nowhere but on its socket, unless an access was made."""
    access = read(here.data)
    if access and _is_free(access.port):
        _ask_for_passwords(here)
        return ["-h", ADDRESS, "-p", str(access.port)]
    if access:
        told = f"port {access.port} is taken: the embedded PostgreSQL is not on it. Another one: servicetitan url --tcp"
        print(told, file=sys.stderr)
    return ["-h", "", "-p", "5432"]


def _ask_for_passwords(here: Home) -> None:
    """Whatever pg_hba.conf says of TCP is replaced: a password, and only on loopback."""
    rules = here.data / "pg_hba.conf"
    kept = [line for line in rules.read_text().splitlines() if not re.match(r"\s*host", line)]
    text = "\n".join([*kept, f"host all all {ADDRESS}/32 scram-sha-256"]) + "\n"
    if rules.read_text() != text:
        here.write(rules, text)


def _free_port() -> int:
    free = next((port for port in PORTS if _is_free(port)), None)
    if free is None:
        raise ConfigurationError(f"No port from {PORTS[0]} to {PORTS[-1]} is free on {ADDRESS}.")
    return free


def _is_free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError:
            return False
    return True

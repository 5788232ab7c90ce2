"""`secrets.toml` and `config.toml` as providers of dlt: read with care, and a file that cannot be read is named."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from shlex import quote
from typing import Any

import click
import tomlkit
from dlt.common.configuration.providers import ConfigProvider, CustomLoaderDocProvider
from tomlkit.exceptions import KeyAlreadyPresent, ParseError, TOMLKitError

from servicetitan_mirror.errors import ConfigurationError

SECRETS, CONFIG = "secrets.toml", "config.toml"
NEEDED = ("tenant_id", "client_id", "client_secret", "app_key")


class BrokenFileError(ValueError):
    """A file that cannot be read as TOML; the message says where and why, and quotes no value."""


class Document(CustomLoaderDocProvider):
    """A file that was read."""

    def __init__(self, path: Path, content: dict[str, Any]) -> None:
        super().__init__(str(path), lambda: content, path.name == SECRETS, [str(path)])
        self.content = content


class Broken(ConfigProvider):
    """A file that cannot be read. What the environment does not say might stand in it.

    So asking it for what nobody can do without is an error; other settings take their defaults, with a warning.
    """

    def __init__(self, path: Path, problem: BrokenFileError) -> None:
        super().__init__()
        self._path = path
        self._problem = str(problem)
        self._warned = False

    def get_value(self, key: str, hint: type, pipeline_name: str | None, *sections: str) -> tuple[None, str]:
        """Nothing.

        Raises:
            ConfigurationError: it is asked for a credential.
        """
        asked = {key, *sections}
        if asked & {*NEEDED} or ("credentials" in asked and not _environment_names_a_database()):
            raise ConfigurationError(self._problem)
        if asked & {"sources", "worker", "credentials"} and not self._warned:
            self._warned = True
            click.echo(f"{self._problem} Nothing of this file is used.", err=True)
        return None, key

    @property
    def name(self) -> str:
        """The file."""
        return str(self._path)

    @property
    def supports_secrets(self) -> bool:
        """Secrets may stand in it, whichever file it is."""
        return True

    @property
    def supports_sections(self) -> bool:
        """As in the file that it stands for."""
        return True

    @property
    def is_empty(self) -> bool:
        """Nobody knows."""
        return False


def provider(path: Path) -> ConfigProvider | None:
    """What dlt asks in place of a file; None where there is none."""
    try:
        content = read(path)
    except BrokenFileError as problem:
        return Broken(path, problem)
    return None if content is None else Document(path, content)


def read(path: Path) -> dict[str, Any] | None:
    """A file's content; None where there is none.

    Raises:
        BrokenFileError: it is there and cannot be read.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return dict(tomlkit.parse(text).unwrap())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except UnicodeDecodeError as error:
        line = bytes(error.object[: error.start]).count(b"\n") + 1
        raise BrokenFileError(f"{path}, line {line}: it is not UTF-8; save the file as UTF-8.") from None
    except OSError as error:
        raise BrokenFileError(f"{path} cannot be read: {error.strerror}.") from None
    except ParseError as error:
        reason = str(error).partition(f" at line {error.line}")[0].rstrip(".")
        raise BrokenFileError(f'{path}, line {error.line}: {reason}. A line looks like: name = "value".') from None
    except KeyAlreadyPresent as error:
        raise BrokenFileError(f"{path}, line {_last_line_of(str(error), text)}: {error}") from None
    except TOMLKitError as error:
        raise BrokenFileError(f"{path} is not TOML: {error}") from None


def _last_line_of(problem: str, text: str) -> int:
    """Where the key that a problem names in quotes stands last."""
    key = problem.split('"')[1]
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.lstrip(" \t\"'").startswith(key)]
    return max(lines, default=1)


def _environment_names_a_database() -> bool:
    return any(value and "CREDENTIALS" in name.split("__") for name, value in os.environ.items())


def warn_if_open(path: Path) -> None:
    """Say so when a file with secrets can be read by other users of the machine."""
    if os.name != "posix" or not path.is_file():
        return
    if path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        click.echo(f"Other users of this machine can read {path}: chmod 600 {quote(str(path))}", err=True)

"""All that is said of a destination, or could be meant to be, in the environment and the files that dlt reads."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dlt.common.configuration.container import Container
from dlt.common.configuration.specs import PluggableRunContext

from servicetitan_mirror.config import documents

PIPELINE = "servicetitan"  # dlt lets its name stand before any setting


@dataclass(frozen=True)
class Setting:
    """One setting that was found. `rank` is its source's: a lower one wins over a higher one."""

    path: tuple[str, ...]
    value: Any
    place: str
    rank: int

    @property
    def field(self) -> str | None:
        """The field of the credentials that it sets, "" for all of them at once; None when it is something else."""
        at = {("destination", "postgres", "credentials"): 3, ("destination", "credentials"): 2, ("credentials",): 1}
        for start, length in at.items():
            if self.path[:length] == start and len(self.path) >= length:
                return "".join(self.path[length : length + 1])
        return None

    @property
    def is_string(self) -> bool:
        """Whether it sets all of the credentials at once."""
        return self.field == "" and not isinstance(self.value, Mapping)


def settings() -> Iterator[Setting]:
    """All settings of the environment and the files that are, or could be meant to be, about a destination."""
    for name, value in os.environ.items():
        if (path := _about_destination(tuple(name.lower().split("__")))) is not None:
            yield Setting(path if name.isupper() else (name,), value, f"the environment variable {name}", 0)
    files = [file for provider in Container()[PluggableRunContext].providers.providers for file in _files(provider)]
    for rank, file in enumerate(files, 1):
        for keys, value in _leaves(documents.read(Path(file)) or {}):
            if (path := _about_destination(keys)) is not None:
                yield Setting(path, value, f"{_named(keys)} in {file}", rank)


def _files(provider: Any) -> list[str]:
    return [file for file in provider.present_locations if file.endswith(".toml") and Path(file).is_file()]


def _leaves(table: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in table.items():
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, (*above, key))
        else:
            yield (*above, key), value


def _about_destination(path: tuple[str, ...]) -> tuple[str, ...] | None:
    """The path without the pipeline's name if it is, or could be meant to be, about a destination."""
    path = path[1:] if path[0].lower() == PIPELINE and len(path) > 1 else path
    if path[0] == "credentials" or (path[0] == "destination" and len(path) > 1):
        return path
    first, *others = re.split(r"[_.]+", "_".join(path).lower().strip("_")) or [""]
    words = ("postgres", "postgresql", "credentials")
    is_meant = is_like(first, ("destination",)) or is_like(first, words[:2])
    return path if is_meant and any(is_like(other, words) for other in others) else None


def is_like(word: str, words: Iterable[str]) -> bool:
    """Whether a word is one of the words, or misspelt."""
    return bool(difflib.get_close_matches(word, list(words), 1, 0.84))


def _named(keys: tuple[str, ...]) -> str:
    """`[destination.postgres] credentials`"""
    return f"[{'.'.join(keys[:-1])}] {keys[-1]}" if len(keys) > 1 else keys[0]

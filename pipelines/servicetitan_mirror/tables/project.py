"""The dbt project: of which files and entities each model is made, and how models are run."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servicetitan_mirror.entities import ENTITIES
from servicetitan_mirror.places import dbt_project
from servicetitan_mirror.postgres.warehouse import WORKING_FOLDER, Warehouse
from servicetitan_mirror.raw.tables import FUNCTIONS
from servicetitan_mirror.tables.dbt_access import environment, renew_profile

EMPTY = "-c servicetitan.new_tables=empty"  # read by the macro `everything`


@dataclass(frozen=True)
class Model:
    """A model: the digest of all files that decide how it is built, and the entities that it shows."""

    name: str
    digest: str
    sources: frozenset[str]


class Project:
    """The dbt project below `root`, whose models go into one database."""

    def __init__(self, warehouse: Warehouse, root: Path) -> None:
        self._warehouse = warehouse
        self._root = root
        self._folder = dbt_project(root)
        self.models = {model.name: model for model in self._read_models()}

    def run(
        self, models: Collection[str], done: Callable[[str], None] = lambda model: None, empty: bool = False
    ) -> dict[str, str]:
        """Run the models; `done` hears of each one that has ended. New tables stay `empty` where that is asked for.

        Returns:
            Those that failed, each with the reason, which holds no value of any row.
        """
        renew_profile(self._root)
        arguments = ["run", "--project-dir", str(self._folder), "--profiles-dir", str(self._folder)]
        arguments += ["--target", "mirror"]  # whichever the profile's user has set for himself
        arguments += ["--target-path", str(self._root / WORKING_FOLDER / "dbt")]  # two dbt processes must not share one
        arguments += ["--quiet", "--log-level", "none", "--log-level-file", "none"]
        arguments += ["--threads", str(self._warehouse.at_once)]
        arguments += ["--select", *models]
        said = _dbt(arguments, environment(self._warehouse, EMPTY if empty else ""), done)
        if "error" in said:  # a file that dbt cannot read stops only what had to be run
            return dict.fromkeys(models, f"dbt did not run: {said['error']}")
        failed: dict[str, str] = said["failed"]
        return failed

    def _read_models(self) -> Iterable[Model]:
        shared = [self._folder / "dbt_project.yml", *sorted(self._folder.glob("macros/**/*.sql"))]
        common = b"".join(path.read_bytes() for path in shared) + "".join(FUNCTIONS.values()).encode()
        for path in sorted(self._folder.glob("models/**/*.sql")):
            described = path.with_suffix(".yml")
            files = common + path.read_bytes() + (described.read_bytes() if described.exists() else b"")
            yield Model(path.stem, hashlib.sha256(files).hexdigest(), _sources(path.read_text()))


def model_names(root: Path) -> list[str]:
    """The tables and views that the product's models make."""
    return [path.stem for path in (dbt_project(root) / "models" / "servicetitan").glob("**/*.sql")]


def _dbt(arguments: list[str], variables: dict[str, str], done: Callable[[str], None]) -> dict[str, Any]:
    """What `dbt_process` said: why models failed, or what kept dbt from running."""
    process = subprocess.Popen(
        [sys.executable, "-m", "servicetitan_mirror.tables.dbt_process", *arguments],
        env={**os.environ, **variables},
        stdin=subprocess.PIPE,  # stays open as long as we live
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # it may quote records
        text=True,
    )
    said: dict[str, Any] = {}
    with process:
        for line in process.stdout or ():
            with suppress(ValueError):  # a library may have written into it
                said = dict(json.loads(line))
            if model := said.pop("done", None):
                done(model)
    return said or {"error": f"it ended with {process.returncode}"}


def _sources(model: str) -> frozenset[str]:
    """The entities that a model shows: those it names or refers to, and tag_types where it shows tags."""
    named = (entity.name for entity in ENTITIES if re.search(rf"'(st_)?{entity.name}'", model))
    return frozenset([*named, *(["tag_types"] if "tagged=true" in model else [])])

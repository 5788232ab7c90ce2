"""The dbt project: its files, its lineage, and how nodes of it are run."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from psycopg2.extensions import connection as Connection

from servicetitan_mirror import __version__
from servicetitan_mirror.places import dbt_project
from servicetitan_mirror.postgres.warehouse import WORKING_FOLDER, Warehouse
from servicetitan_mirror.raw.tables import FUNCTIONS
from servicetitan_mirror.tables import lineage, optional
from servicetitan_mirror.tables.dbt_access import Dbt, renew_profile
from servicetitan_mirror.tables.lineage import Lineage, Node

OURS = ("dbt_project.yml", "profiles.yml", "models/servicetitan", "macros/servicetitan")
MARTS = "analytics"  # the schema of the product's marts
OURS_TOO = optional.FOLDER  # whose models a user may write, too
NOT_OURS = shutil.ignore_patterns("marts")  # there: they read what only the whole project has
READ = {".sql", ".yml", ".yaml", ".md", ".csv", ".py"}
NOT_READ = {"target", "logs", "dbt_packages"}  # what dbt and its users leave in the folder


class Project:
    """The dbt project below `root`, whose models go into one database. Its process ends with `close`.

    `lists` are the optional lists whose models belong to it.
    """

    def __init__(self, warehouse: Warehouse, root: Path, lists: Sequence[str] = ()) -> None:
        self._root = root
        self._folder = dbt_project(root)
        self._ours_alone = warehouse.folder(root) / "dbt_project"
        self._dbt = Dbt(warehouse, lists)
        self._threads = warehouse.at_once
        self._ours: tuple[str, ...] = ()  # the part that is left of a project that cannot be parsed
        self.files = _digest(self._folder, lists)

    def kept(self, connection: Connection) -> Lineage | None:
        """What is known of the project without dbt; nothing where dbt could not read it the last time."""
        known = lineage.kept(connection, self.files)
        return None if known and known.problem else known

    def parse(self, connection: Connection) -> Lineage:
        """Let dbt parse the project, and keep what it said.

        Of a project that cannot be parsed, our part alone: what is wrong with a user's file stops no table of ours.
        Where that is in one of optional lists, no table of these can be built.
        """
        said = self._parse()
        problem = said.get("error")
        if problem:
            problem += self._suspects(problem)
            for self._ours in ((*OURS, OURS_TOO), OURS):
                if "nodes" in (said := self._parse()):
                    break
        found = lineage.read(said["nodes"], problem) if "nodes" in said else lineage.last_kept(connection, str(problem))
        lineage.keep(connection, self.files, found)
        return found

    def run(
        self, nodes: Collection[Node], done: Callable[[str], None] = lambda name: None, empty: bool = False
    ) -> dict[str, str]:
        """Run the nodes; `done` hears the name of each one that has ended. With `empty`, new tables get no row.

        Returns:
            Those that failed, by id, each with the reason, which holds no value of any row.
        """
        names = {node.id: node.name for node in nodes}
        order = ["build", *self._arguments(), "--threads", str(self._threads)]
        order += ["--vars", "{new_tables: empty}"] if empty else []
        order += ["--resource-type", *lineage.BUILT, "--select", *(f"fqn:{node.fqn}" for node in nodes)]
        said = self._dbt.ask({"run": order}, lambda key: done(names.get(key, key)))
        if "error" in said:
            return dict.fromkeys(names, f"dbt did not run: {said['error']}")
        failed: dict[str, str] = said["failed"]
        return failed

    def close(self) -> None:
        """End dbt's process, if one was needed."""
        self._dbt.close()

    def _parse(self) -> dict[str, Any]:
        renew_profile(self._root)
        if self._ours:
            self._copy_ours()
        return self._dbt.ask({"parse": ["parse", *self._arguments()]})

    def _arguments(self) -> list[str]:
        folder = self._ours_alone if self._ours else self._folder
        target = self._root / WORKING_FOLDER / ("dbt-ours" if self._ours else "dbt")
        return [
            *("--project-dir", str(folder), "--profiles-dir", str(folder)),
            *("--target", "mirror"),  # whichever the profile's user has set for himself
            *("--target-path", str(target)),  # two dbt processes must not share one
            *("--quiet", "--log-level", "none", "--log-level-file", "none"),
        ]

    def _suspects(self, problem: str) -> str:
        """The files in question where dbt names none: of a macro without an end, and of a text that is no UTF-8."""
        if re.search(r"[.](sql|ya?ml|md|csv)", problem):
            return ""
        files = sorted(path for path in _files(self._folder) if path.suffix in READ and not self._is_ours(path))
        named = [path for path in files if "utf-8" in problem and not _is_text(path)] or [
            path for path in files if path.is_relative_to(self._folder / "macros")
        ]
        told = ", ".join(path.relative_to(self._folder).as_posix() for path in named)
        return f" It stands in one of: {told}." if told else ""

    def _is_ours(self, path: Path) -> bool:
        return any(path.is_relative_to(self._folder / name) for name in (*OURS, OURS_TOO))

    def _copy_ours(self) -> None:
        shutil.rmtree(self._ours_alone, ignore_errors=True)
        for name in self._ours:
            source, copy = self._folder / name, self._ours_alone / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            if source.exists():
                shutil.copytree(source, copy, ignore=NOT_OURS) if source.is_dir() else shutil.copy(source, copy)


def model_names(root: Path, lists: Iterable[str] = ()) -> list[str]:
    """The tables and views that the product's models make, those of optional lists among them."""
    project = dbt_project(root)
    folders = [project / "models", *(project / optional.FOLDER / name for name in lists)]
    return [path.stem for folder in folders for path in (folder / "servicetitan").glob("**/*.sql")]


def mart_names(root: Path) -> list[str]:
    """The marts that the product brings, those of optional lists among them."""
    project = dbt_project(root)
    patterns = ("models/marts/*/*.sql", f"{optional.FOLDER}/*/marts/**/*.sql")
    return [path.stem for pattern in patterns for path in project.glob(pattern)]


def _digest(folder: Path, lists: Sequence[str]) -> str:
    """Of all files that dbt could read, of the functions that our models call, of our version and what is chosen."""
    digest = hashlib.sha256(" ".join([__version__, *FUNCTIONS.values(), *lists]).encode())
    for path in sorted(_files(folder)):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder)} {len(content)} ".encode() + content)
    packages = folder / "dbt_packages"
    digest.update(" ".join(sorted(path.name for path in packages.iterdir()) if packages.is_dir() else []).encode())
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    for above, folders, names in os.walk(folder, followlinks=True):
        folders[:] = [name for name in folders if name not in NOT_READ and not name.startswith(".")]
        yield from (Path(above, name) for name in names if not name.startswith("."))


def _is_text(path: Path) -> bool:
    try:
        path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return False
    return True

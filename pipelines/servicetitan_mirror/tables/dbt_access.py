"""dbt on a certain database: as a process beside a sync, or by hand on the one that `servicetitan dbt` was called for.

Who starts dbt hands the database on in one variable; without it dbt's adapter finds the one that is configured
(`dbt_adapter`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from servicetitan_mirror.places import HERE, dbt_project
from servicetitan_mirror.postgres import layout
from servicetitan_mirror.postgres.warehouse import WORKING_FOLDER, Warehouse
from servicetitan_mirror.tables import optional

VARIABLE = "SERVICETITAN_DBT_DATABASE"  # a libpq connection string
_OF_BEFORE = "servicetitan_mirror:\n  target: mirror\n  outputs:\n    mirror:\n      type: postgres\n      host: "


def environment(warehouse: Warehouse, lists: Iterable[str], metrics: Iterable[str] = ()) -> dict[str, str]:
    """The variables with which dbt works on the database, finds our adapter, and reads these folders of the project."""
    return {
        VARIABLE: warehouse.session("servicetitan dbt"),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(HERE.parent), os.environ.get("PYTHONPATH")])),
        optional.VARIABLE: " ".join(lists),
        optional.SEMANTIC_VARIABLE: " ".join(metrics),
    }


class Dbt:
    """dbt on a database in a process of its own (`dbt_process`), which begins with the first order."""

    def __init__(self, warehouse: Warehouse, lists: Iterable[str]) -> None:
        self._environment = environment(warehouse, lists)
        self._process: subprocess.Popen[str] | None = None

    def ask(self, order: dict[str, list[str]], done: Callable[[str], None] = lambda node: None) -> dict[str, Any]:
        """Its answer to an order; `done` hears the id of each node that has ended. `error` is why there is none."""
        process = self._process = self._process or self._start()
        with suppress(BrokenPipeError):  # it has ended, which its answers will say
            print(json.dumps(order), file=process.stdin, flush=True)
        for line in process.stdout or ():
            with suppress(ValueError):  # a library may have written into it
                said = dict(json.loads(line))
                if not (node := said.get("done")):
                    return said
                done(node)
        self._process = None
        return {"error": f"it ended with {process.wait()}"}

    def close(self) -> None:
        """End the process."""
        if self._process:
            process, self._process = self._process, None
            with process:
                pass

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "servicetitan_mirror.tables.dbt_process"],
            env={**os.environ, **self._environment},
            stdin=subprocess.PIPE,  # stays open as long as we live
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it may quote records
            text=True,
        )


def target(root: Path) -> Path:
    """Where dbt by hand leaves what it made, unless `DBT_TARGET_PATH` says otherwise."""
    project = dbt_project(root)
    return project / "target" if project.parent == root else root / WORKING_FOLDER / "dbt-target"


def run_by_hand(warehouse: Warehouse, root: Path, arguments: Sequence[str]) -> None:
    """Become dbt, with the project and the profile of the database in use."""
    with closing(warehouse.connect()) as connection:
        layout.check(connection)
        lists = optional.in_use(connection, root)
    project = dbt_project(root)
    renew_profile(root)
    if project.parent != root:  # of an installed package
        os.environ.setdefault("DBT_TARGET_PATH", str(target(root)))
        os.environ.setdefault("DBT_LOG_PATH", str(root / WORKING_FOLDER / "dbt-logs"))
    os.environ.setdefault("DBT_PROJECT_DIR", str(project))
    os.environ.setdefault("DBT_PROFILES_DIR", str(project))
    os.environ.update(environment(warehouse, lists, optional.metrics_of(lists, root)))
    os.execv(sys.executable, [sys.executable, "-c", _DBT, *arguments])


def renew_profile(root: Path) -> None:
    """Replace a `profiles.yml` of an earlier version, which named the database of that day."""
    path = root / "profiles.yml"
    if path.is_file() and path.read_text().partition("servicetitan_mirror:")[2].startswith(_OF_BEFORE[20:]):
        path.write_text((dbt_project(root) / "profiles.yml").read_text())


_DBT = "import sys; sys.argv[0] = 'dbt'; from dbt.cli.main import cli; cli()"  # its script may not be on the path

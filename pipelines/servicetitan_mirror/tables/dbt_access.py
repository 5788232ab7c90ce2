"""dbt on a certain database: that of a sync, or the one that `servicetitan dbt` was called for.

Who starts dbt hands the database on in one variable; without it dbt's adapter finds the one that is configured
(`dbt_adapter`).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from psycopg2.extensions import make_dsn

from servicetitan_mirror.places import HERE, dbt_project
from servicetitan_mirror.postgres.warehouse import WORKING_FOLDER, Warehouse

VARIABLE = "SERVICETITAN_DBT_DATABASE"  # a libpq connection string
_OF_BEFORE = "servicetitan_mirror:\n  target: mirror\n  outputs:\n    mirror:\n      type: postgres\n      host: "


def environment(warehouse: Warehouse, options: str = "") -> dict[str, str]:
    """The variables with which dbt works on the database, its sessions with more `options`, and finds our adapter."""
    path = os.pathsep.join(filter(None, [str(HERE.parent), os.environ.get("PYTHONPATH")]))
    session = make_dsn(warehouse.session("servicetitan dbt"), options=f"{warehouse.options} {options}".strip())
    return {VARIABLE: str(session), "PYTHONPATH": path}


def run_by_hand(warehouse: Warehouse, root: Path, arguments: Sequence[str]) -> None:
    """Become dbt, with the project and the profile of the database in use."""
    project = dbt_project(root)
    renew_profile(root)
    if project.parent != root:  # of an installed package
        os.environ.setdefault("DBT_TARGET_PATH", str(root / WORKING_FOLDER / "dbt-target"))
        os.environ.setdefault("DBT_LOG_PATH", str(root / WORKING_FOLDER / "dbt-logs"))
    os.environ.setdefault("DBT_PROJECT_DIR", str(project))
    os.environ.setdefault("DBT_PROFILES_DIR", str(project))
    os.environ.update(environment(warehouse))
    os.execv(sys.executable, [sys.executable, "-c", _DBT, *arguments])


def renew_profile(root: Path) -> None:
    """Replace a `profiles.yml` of an earlier version, which named the database of that day."""
    path = root / "profiles.yml"
    if path.is_file() and path.read_text().partition("servicetitan_mirror:")[2].startswith(_OF_BEFORE[20:]):
        path.write_text((dbt_project(root) / "profiles.yml").read_text())


_DBT = "import sys; sys.argv[0] = 'dbt'; from dbt.cli.main import cli; cli()"  # its script may not be on the path

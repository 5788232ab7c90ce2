"""How dbt reaches the database in use: by variables that only we set, so that it never writes into another one.

`dbt_project/profiles.yml` names them. What dbt's profiles know no key for (TLS, options and so on) goes to libpq, by
its own variables, or in a service file where it has none.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from servicetitan_mirror.places import HERE, dbt_project
from servicetitan_mirror.postgres.conninfo import VARIABLES
from servicetitan_mirror.postgres.warehouse import WORKING_FOLDER, Warehouse

PREFIX = "SERVICETITAN_DBT_"
SERVICE = "servicetitan"
PACKAGES = HERE.parent
_OF_BEFORE = "servicetitan_mirror:\n  target: mirror\n  outputs:\n    mirror:\n      type: postgres\n      host: "
_IN_PROFILE = ("host", "port", "user", "password", "dbname", "connect_timeout")


def variables(warehouse: Warehouse, folder: Path) -> dict[str, str]:
    """The environment in which dbt works on the database. `folder` is for what has no variable."""
    with closing(warehouse.connect()) as connection:  # of several hosts the one that answers; dbt takes one
        reached = connection.info
        profile = {
            "HOST": reached.host,
            "PORT": str(reached.port),
            "USER": reached.user,
            "DBNAME": reached.dbname,
        }
    parts = warehouse.parameters
    found = {PREFIX + name: value for name, value in profile.items()}
    found[f"{PREFIX}PASSWORD"] = parts.get("password", os.environ.get("PGPASSWORD", ""))
    found |= {VARIABLES[name]: value for name, value in parts.items() if name in VARIABLES}
    rest = {name: value for name, value in parts.items() if name not in VARIABLES and name not in _IN_PROFILE}
    return found | (_service(folder, rest) if rest and "service" not in parts else {})


def run_by_hand(warehouse: Warehouse, root: Path, arguments: Sequence[str]) -> None:
    """Become dbt, with the project and the profile of the database in use."""
    project = dbt_project(root)
    renew_profile(root)
    if project.parent != root:  # of an installed package
        os.environ.setdefault("DBT_TARGET_PATH", str(root / WORKING_FOLDER / "dbt-target"))
        os.environ.setdefault("DBT_LOG_PATH", str(root / WORKING_FOLDER / "dbt-logs"))
    os.environ.setdefault("DBT_PROJECT_DIR", str(project))
    os.environ.setdefault("DBT_PROFILES_DIR", str(project))
    os.environ.update(variables(warehouse, warehouse.folder(root)))
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(PACKAGES), os.environ.get("PYTHONPATH")]))
    os.execv(sys.executable, [sys.executable, "-c", _DBT, *arguments])


def renew_profile(root: Path) -> None:
    """Replace a `profiles.yml` of an earlier version, which named the database of that day."""
    path = root / "profiles.yml"
    if path.is_file() and path.read_text().startswith(_OF_BEFORE):
        path.write_text((dbt_project(root) / "profiles.yml").read_text())


def _service(folder: Path, parts: dict[str, str]) -> dict[str, str]:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "pg_service.conf"
    lines = "".join(f"{name}={value}\n" for name, value in parts.items())
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(f"[{SERVICE}]\n{lines}")
    return {"PGSERVICEFILE": str(path), "PGSERVICE": SERVICE}


# its script may not be on the path, and the names of databases may hold quotes
_DBT = """
import sys; sys.argv[0] = 'dbt'
from dbt.cli.main import cli; from servicetitan_mirror.tables.dbt_process import mend_adapter
mend_adapter(); cli()
"""

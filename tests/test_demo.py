"""The demo touches nothing but a database of its own, whatever is configured."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from servers import new_database
from servicetitan_mirror.postgres import embedded
from servicetitan_mirror.postgres.warehouse import Warehouse, query

ROOT = Path(__file__).resolve().parents[1]
PREFIX = "DESTINATION__POSTGRES__CREDENTIALS"
CONTENT = """
select count(*) || ' ' || coalesce(max(xmin::text::bigint), 0) from pg_class where relkind in ('r', 'v', 'i')
"""


@pytest.fixture
def clone(open_folder: Path) -> Path:
    """A copy of the product, with an embedded server of its own."""
    for name in ("dbt_project", "pipelines", ".dlt"):
        ignored = shutil.ignore_patterns("target", "logs", "secrets.toml")
        shutil.copytree(ROOT / name, open_folder / name, ignore=ignored)
    return open_folder


def content(warehouse: Warehouse) -> list[tuple[str]]:
    """What changes when anything is made in a database."""
    with closing(warehouse.connect()) as connection:
        return query(connection, CONTENT)


def test_the_demo_writes_into_no_database_that_is_configured(clone: Path, embedded_18: Warehouse) -> None:
    configured, named = new_database(embedded_18), new_database(embedded_18)
    own = Warehouse(embedded.start(clone / ".postgres"))
    before = [content(warehouse) for warehouse in (configured, named, own)]
    secrets = f'destination.postgres.credentials = "{configured.url()}"\n[sources.servicetitan]\npage_size = 0\n'
    (clone / ".dlt" / "secrets.toml").write_text(secrets)
    parts = {"HOST": "host", "PORT": "port", "DATABASE": "dbname", "USERNAME": "user"}
    environment = {
        **{f"{PREFIX}__{field}": named.parameters[part] for field, part in parts.items()},
        "DESTINATION__POSTGRES__CREDENTIALS__PASSWORD": "x",
        "SERVICETITAN__DESTINATION__CREDENTIALS": configured.url(),
        "CREDENTIALS": configured.url(),
        "DLT_PROJECT_DIR": str(clone),
        "PGHOST": named.parameters["host"],
        "PGDATABASE": named.parameters["dbname"],
    }
    run = lambda *command: subprocess.run(  # noqa: E731
        [sys.executable, str(clone / "pipelines" / "servicetitan.py"), *command],
        env={**os.environ, **environment},
        cwd=clone,
        capture_output=True,
        text=True,
        timeout=300,
    )
    done = run("demo", "--customers", "20")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr.count(f"database: servicetitan_demo on the embedded server ({clone}/.postgres)") == 2
    assert [content(warehouse) for warehouse in (configured, named, own)] == before
    assert not (clone / "profiles.yml").exists()
    assert done.stdout.endswith("pipelines/servicetitan.py psql --demo\n")
    assert run("psql", "--demo", "-Atc", "select count(*) from st_customers").stdout == "20\n"
    assert run("demo", "--customers", "20").returncode == 0

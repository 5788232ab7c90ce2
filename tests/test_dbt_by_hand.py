"""dbt by hand works on the database in use, as printed, and on no other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from psycopg2.extensions import make_dsn

from mirror import Mirror
from servicetitan_mirror import invocation
from servicetitan_mirror.postgres.warehouse import Warehouse
from servicetitan_mirror.tables.dbt_access import renew_profile, variables

DBT = Path(sys.executable).with_name("dbt")


def test_dbt_by_hand_works_on_the_database_in_use_with_all_its_parameters(mirror: Mirror) -> None:
    password, options = 'it\'s "me" @/:%', "-c work_mem=5MB -c search_path=a,b"
    dsn = make_dsn(mirror.warehouse.dsn, password=password, options=options, keepalives_idle="7", sslmode="prefer")
    secret = {"DESTINATION__POSTGRES__CREDENTIALS": Warehouse(dsn).url(with_password=True)}
    built = mirror.command("dbt", "build", "--select", "st_customers", "v_active_jobs", **secret)
    assert (built.returncode, built.stderr) == (0, f"database: {mirror.warehouse.place()}\n")
    shown = mirror.command("dbt", "--quiet", "show", "--inline", "select current_setting('work_mem') as mem", **secret)
    assert "5MB" in shown.stdout
    assert password not in built.stdout + shown.stdout
    assert mirror.differences() == []


def test_dbt_started_otherwise_says_what_to_do(mirror: Mirror) -> None:
    (mirror.root / "profiles.yml").unlink(missing_ok=True)
    (mirror.root / "profiles.yml").symlink_to(mirror.root / "dbt_project" / "profiles.yml")
    for folder, arguments in ((mirror.root, ["--project-dir", "dbt_project"]), (mirror.root / "dbt_project", [])):
        done = subprocess.run(
            [DBT, "parse", *arguments], cwd=folder, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True
        )
        assert done.returncode == 2
        assert "SERVICETITAN_DBT_HOST. Run it as: servicetitan dbt" in done.stdout


def test_a_profile_that_an_earlier_version_wrote_is_replaced(tmp_path: Path, root: Path) -> None:
    (tmp_path / "dbt_project").symlink_to(root / "dbt_project")
    old = "servicetitan_mirror:\n  target: mirror\n  outputs:\n    mirror:\n      type: postgres\n      host: old\n"
    (tmp_path / "profiles.yml").write_text(old)
    renew_profile(tmp_path)
    assert (tmp_path / "profiles.yml").read_text() == (root / "dbt_project" / "profiles.yml").read_text()


def test_dbt_goes_to_the_one_of_several_hosts_that_answers(embedded_18: Warehouse, tmp_path: Path) -> None:
    parts = embedded_18.parameters
    dsn = make_dsn(embedded_18.dsn, host=f"/nowhere,{parts['host']}", port=f"1,{parts['port']}", keepalives="0")
    found = variables(Warehouse(dsn), tmp_path)
    assert (found["SERVICETITAN_DBT_HOST"], found["SERVICETITAN_DBT_PORT"]) == (parts["host"], parts["port"])
    assert (tmp_path / "pg_service.conf").read_text() == "[servicetitan]\nkeepalives=0\n"


@pytest.mark.parametrize(
    ("called", "printed"),
    [
        ("pipelines/servicetitan.py", "{python} pipelines/servicetitan.py dbt build"),
        ("bin here/servicetitan", "'bin here/servicetitan' dbt build"),
        ("/elsewhere/servicetitan", "/elsewhere/servicetitan dbt build"),
    ],
)
def test_a_command_is_printed_as_it_can_be_pasted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, called: str, printed: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [called])
    assert invocation.command("dbt", "build") == printed.format(python=sys.executable)

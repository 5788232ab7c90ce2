"""dbt by hand works on the database in use, as printed, and on no other."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from psycopg2.extensions import make_dsn

from conftest import ROOT
from mirror import Mirror
from servicetitan_mirror import invocation
from servicetitan_mirror.entities import STANDARD
from servicetitan_mirror.postgres.refusals import quoted
from servicetitan_mirror.postgres.warehouse import Warehouse, open_warehouse, query
from servicetitan_mirror.tables.dbt_access import renew_profile
from servicetitan_simulator import Simulator

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


def test_plain_dbt_works_on_the_embedded_database_with_nothing_set(open_folder: Path, source: Simulator) -> None:
    checkout = copied_checkout(open_folder)
    assert "servicetitan_mirror.servicetitan.transactions.st_jobs\n" in plain_dbt(checkout, "ls", "--select", "st_jobs")
    assert not (checkout / ".postgres").exists()
    Mirror(source, open_warehouse(checkout), checkout).sync()
    assert "ERROR=0 SKIP=0" in plain_dbt(checkout, "build", "--project-dir", "dbt_project", at=".")
    assert "Catalog written" in plain_dbt(checkout, "docs", "generate")
    assert "All checks passed" in plain_dbt(checkout, "debug")
    assert plain_dbt(checkout, "source", "freshness").count("PASS freshness of servicetitan.") == len(STANDARD)


def test_plain_dbt_works_on_the_configured_database_whatever_its_name_and_password(
    mirror: Mirror, tmp_path: Path
) -> None:
    checkout, odd = copied_checkout(tmp_path), 'it\'s "mine" @/:%'
    mirror.warehouse = renamed_database(mirror.warehouse, odd)
    dsn = make_dsn(mirror.warehouse.dsn, password=odd, options="-c work_mem=5MB", keepalives_idle="7")
    secrets = checkout / ".dlt" / "secrets.toml"
    secrets.write_text(f"[destination.postgres]\ncredentials = {json.dumps(Warehouse(dsn).url(with_password=True))}\n")
    secrets.chmod(0o600)
    assert "PASS=" in plain_dbt(checkout, "build", "--select", "st_call_reasons")
    assert "5MB" in plain_dbt(checkout, "--quiet", "show", "--inline", "select current_setting('work_mem') as mem")
    secrets.write_text("[destination.postgres]\ncredentials = 'postgresql://me:secret@127.0.0.1:1/other'\n")
    listed = plain_dbt(checkout, "ls", "--select", "st_customers", "--output", "json", "--output-keys", "database")
    assert json.loads(listed.splitlines()[-1]) == {"database": "other"}
    refused = plain_dbt(checkout, "run", "--select", "st_customers")
    assert "Connection refused" in refused and "secret" not in refused


def test_the_profile_has_no_place_for_an_address(tmp_path: Path) -> None:
    profile = copied_checkout(tmp_path) / "dbt_project" / "profiles.yml"
    profile.write_text(profile.read_text().replace("schema: public", "host: elsewhere"))
    assert "host: an output of the type servicetitan goes to the database" in plain_dbt(tmp_path, "parse")


def test_a_profile_that_an_earlier_version_wrote_is_replaced(tmp_path: Path, root: Path) -> None:
    (tmp_path / "dbt_project").symlink_to(root / "dbt_project")
    old = "servicetitan_mirror:\n  target: mirror\n  outputs:\n    mirror:\n      type: postgres\n      host: old\n"
    for said in (old, f"# Which database, is said by who starts dbt\n{old}"):
        (tmp_path / "profiles.yml").write_text(said)
        renew_profile(tmp_path)
        assert (tmp_path / "profiles.yml").read_text() == (root / "dbt_project" / "profiles.yml").read_text()


def test_dbt_goes_to_the_one_of_several_hosts_that_answers(mirror: Mirror) -> None:
    parts = mirror.warehouse.parameters
    dsn = make_dsn(mirror.warehouse.dsn, host=f"/nowhere,{parts['host']}", port=f"1,{parts['port']}", keepalives="0")
    url = {"DESTINATION__POSTGRES__CREDENTIALS": Warehouse(dsn).url(with_password=True)}
    assert mirror.command("dbt", "run", "--select", "st_customers", **url).returncode == 0


def copied_checkout(folder: Path) -> Path:
    """A checkout of its own in the folder, as editable installs have it."""
    for name in ("dbt_project", "pipelines", ".dlt"):
        shutil.copytree(
            ROOT / name, folder / name, ignore=shutil.ignore_patterns("target", "secrets.toml", "__pycache__")
        )
    (folder / "profiles.yml").symlink_to("dbt_project/profiles.yml")
    return folder


def plain_dbt(checkout: Path, *arguments: str, at: str = "dbt_project") -> str:
    """What dbt prints when it is called in a folder of the checkout with nothing set."""
    installed = {"PATH": os.environ["PATH"], "PYTHONPATH": str(checkout / "pipelines")}
    done = subprocess.run(
        [DBT, "--no-use-colors", *arguments], cwd=checkout / at, env=installed, capture_output=True, text=True
    )
    return done.stdout + done.stderr


def renamed_database(warehouse: Warehouse, name: str) -> Warehouse:
    with closing(Warehouse(make_dsn(warehouse.dsn, dbname="postgres")).connect()) as connection:
        query(connection, f"alter database {warehouse.parameters['dbname']} rename to {quoted(name)}")
    return Warehouse(make_dsn(warehouse.dsn, dbname=name))


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
    assert invocation.command("dbt", "build") == printed.format(python=shlex.quote(sys.executable))

"""The command line as its user meets it: what it prints, and its exit codes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from contextlib import closing

import pytest

from mirror import Mirror
from servicetitan_mirror.entities import STANDARD
from servicetitan_mirror.postgres.warehouse import locked, query, transaction


def test_a_sync_ends_with_a_table_of_its_modules(mirror: Mirror) -> None:
    mirror.source.touch("customers", count=3)
    done = mirror.command()
    assert done.returncode == 0
    assert re.search(r"^customers +incremental +3 +0 +3 +0 +0 +0 +\d+\.\d +completed$", done.stdout, re.M)
    ((run_id,),) = mirror.rows("select distinct run_id::text from st_sync_log where sync_type = 'incremental'")
    time = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d"
    assert re.search(rf"^{time} {run_id} customers \(incremental\): 3 fetched, 3 updated", done.stderr, re.M)


def test_json_is_for_programs(mirror: Mirror) -> None:
    done = mirror.command("--json", "--only", "jobs", "--triggered-by", "api")
    (module,) = json.loads(done.stdout)["modules"]
    assert (module["module"], module["status"], module["fetched"]) == ("jobs", "completed", 0)
    assert mirror.rows("select distinct module from st_sync_log where triggered_by = 'api'") == [("jobs",)]


def test_a_failing_list_fails_alone(mirror: Mirror) -> None:
    mirror.source.settings(removed_scopes=["tn.mrk.campaigns:r"])
    done = mirror.command()
    assert done.returncode == 1
    assert "tn.mrk.campaigns:r" in done.stdout
    statuses = mirror.rows("select status, count(*) from st_sync_log where sync_type = 'incremental' group by 1")
    assert sorted(statuses) == [("completed", len(STANDARD) - 1), ("failed", 1)]


@pytest.mark.parametrize(
    ("setting", "value", "named"),
    [
        ("CLIENT_SECRET", "cs1.wrong", "SOURCES__SERVICETITAN__CLIENT_SECRET"),
        ("APP_KEY", "ak1.wrong", "SOURCES__SERVICETITAN__APP_KEY"),
        ("TENANT_ID", "999", "SOURCES__SERVICETITAN__TENANT_ID"),
        ("ENVIRONMENT", "sandbox", "SOURCES__SERVICETITAN__ENVIRONMENT"),
        ("PAGE_SIZE", "9999", "SOURCES__SERVICETITAN__PAGE_SIZE"),
        ("PAGE_SIZE", "many", "SOURCES__SERVICETITAN__PAGE_SIZE"),
    ],
)
def test_a_wrong_setting_is_named(mirror: Mirror, setting: str, value: str, named: str) -> None:
    done = mirror.command(**{f"SOURCES__SERVICETITAN__{setting}": value})
    assert done.returncode == 2
    assert named in done.stderr
    assert "Traceback" not in done.stderr


def test_missing_credentials_are_all_named_with_both_places(mirror: Mirror) -> None:
    done = mirror.command(**{f"SOURCES__SERVICETITAN__{name}": "" for name in ("TENANT_ID", "APP_KEY")})
    assert done.returncode == 2
    assert "SOURCES__SERVICETITAN__TENANT_ID" in done.stderr
    assert "SOURCES__SERVICETITAN__APP_KEY" in done.stderr
    assert ".dlt/secrets.toml" in done.stderr
    assert "make demo" in done.stderr


def test_sync_is_the_name_of_what_runs_without_one(mirror: Mirror) -> None:
    done = mirror.command("sync", "--json", "--only", "jobs", "--since", "2026-11-20T07:00:00-05:00")
    (module,) = json.loads(done.stdout)["modules"]
    assert (done.returncode, module["module"], module["fetched"]) == (0, "jobs", 0)
    assert mirror.row("select parameters ->> 'since' from st_sync_log order by started_at desc limit 1") == (
        "2026-11-20T07:00:00-05:00",
    )


def test_a_second_sync_says_who_is_at_work(mirror: Mirror) -> None:
    with locked(mirror.warehouse, int(mirror.source.tenant_id)):
        done = mirror.command()
    assert done.returncode == 3
    assert re.search(r"is running: .+:\d+ \(host:process\), since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", done.stderr)


def test_a_sync_can_wait_for_another_one(mirror: Mirror) -> None:
    lock = locked(mirror.warehouse, int(mirror.source.tenant_id))
    lock.__enter__()
    threading.Timer(3, lock.__exit__, (None, None, None)).start()
    assert mirror.command("--wait", "60", "--only", "jobs").returncode == 0


def test_an_unreachable_database_is_named_without_its_password(mirror: Mirror) -> None:
    done = mirror.command(DESTINATION__POSTGRES__CREDENTIALS="postgresql://me:hunter2@localhost:1/nowhere")
    assert done.returncode == 2
    assert "DESTINATION__POSTGRES__CREDENTIALS" in done.stderr
    assert "hunter2" not in done.stderr + done.stdout


def test_the_url_hides_the_password_unless_asked(mirror: Mirror) -> None:
    secret = {"DESTINATION__POSTGRES__CREDENTIALS": "postgresql://me:hunter2@db.example.com:5433/mirror"}
    assert mirror.command("url", **secret).stdout == "postgresql://me@db.example.com:5433/mirror\n"
    shown = mirror.command("url", "--with-password", **secret).stdout
    assert shown == "postgresql://me:hunter2@db.example.com:5433/mirror\n"


def test_a_sync_that_hangs_is_cut_off_when_its_time_is_over(mirror: Mirror) -> None:
    program = "import servicetitan; from servicetitan_mirror.terminal import command; "
    program += "command.OVERTIME = 1; servicetitan.cli()"
    settings = {"RUN_LIMIT": "1", "LOCK_TIMEOUT": "0"}
    mirror.source.touch("jobs")
    with closing(mirror.warehouse.connect()) as connection, transaction(connection):
        query(connection, "lock table raw_servicetitan.jobs")
        done = subprocess.run(
            [sys.executable, "-c", program],
            env={
                **mirror.environment(),
                "PYTHONPATH": str(mirror.root / "pipelines"),
                **{f"SOURCES__SERVICETITAN__{name}": value for name, value in settings.items()},
            },
            cwd=mirror.root,
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert (done.returncode, done.stdout) == (1, "")
    assert "The time that run_limit allows a sync is over" in done.stderr


def test_rebuild_needs_no_secrets_of_the_api(mirror: Mirror) -> None:
    nothing = {f"SOURCES__SERVICETITAN__{name}": "" for name in ("TENANT_ID", "CLIENT_ID", "CLIENT_SECRET", "APP_KEY")}
    done = mirror.command("rebuild", "jobs", **nothing)
    assert (done.returncode, done.stdout) == (0, f"rebuilt for tenant {mirror.source.tenant_id}: jobs\n")


def test_psql_reaches_the_database_in_use(mirror: Mirror) -> None:
    done = mirror.command("psql", "-Atc", "select count(*) from st_customers")
    assert done.stdout == "20\n"
    assert done.stderr == f"database: {mirror.warehouse.place()}\n"

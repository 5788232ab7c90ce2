"""`servicetitan check`: each thing that a sync needs is looked at, and what is not there is said with what to do."""

from __future__ import annotations

import json
import re
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from psycopg2.extensions import make_dsn

from mirror import Mirror
from servicetitan_mirror.entities import LISTS, STANDARD
from servicetitan_mirror.operation.check_database import database_folder
from servicetitan_mirror.operation.check_lists import rate_limit
from servicetitan_mirror.operation.probes import Probe
from servicetitan_mirror.postgres.warehouse import Warehouse
from servicetitan_mirror.reading.task import Task


def looked(mirror: Mirror, **environment: str) -> tuple[int, list[dict[str, Any]]]:
    """The exit code, and the lines that are not green; nobody has set a time zone."""
    done = mirror.command("check", "--json", **environment)
    lines = json.loads(done.stdout)["tenants"][0]["lines"]
    return done.returncode, [line for line in lines if line["colour"] != "green" and line["subject"] != "time zone"]


def test_all_is_green_before_a_first_sync_that_will_work_and_nothing_is_changed(empty_mirror: Mirror) -> None:
    done = empty_mirror.command("check", SOURCES__SERVICETITAN__TIMEZONE="America/Chicago")
    words = [line.split(maxsplit=1) for line in done.stdout.splitlines()[:-1]]
    assert (done.returncode, {colour for colour, _ in words}) == (0, {"green"})
    assert "lists       31 of 31 lists can be read: " in done.stdout
    assert "settings    client_secret: The environment variable SOURCES__SERVICETITAN__CLIENT_SECRET" in done.stdout
    assert empty_mirror.source.credentials.client_secret not in done.stdout + done.stderr
    assert empty_mirror.source.calls()["total"] == 31
    assert empty_mirror.row("select to_regnamespace('raw_servicetitan')") == (None,)


def test_wrong_credentials_and_a_database_that_is_not_there_are_both_said(empty_mirror: Mirror) -> None:
    empty_mirror.settings["client_secret"] = "cs1.wrong"
    away = {"DESTINATION__POSTGRES__CREDENTIALS": "postgresql://somebody@127.0.0.1:1/nowhere"}
    code, (token, database) = looked(empty_mirror, **away)
    assert (code, token["subject"], token["colour"], database["subject"]) == (1, "token", "red", "database")
    assert token["sentence"].startswith("ServiceTitan refuses the client id or secret")
    assert token["advice"].startswith("Look at SOURCES__SERVICETITAN__CLIENT_ID")
    assert "Connection refused" in database["sentence"]
    assert "Look at the environment variable DESTINATION__POSTGRES__CREDENTIALS." in database["advice"]


def test_missing_scopes_rights_and_room_and_a_wrong_clock_are_named(empty_mirror: Mirror) -> None:
    empty_mirror.source.settings(removed_scopes=["tn.mrk.campaigns:r"], clock_offset=7200)
    empty_mirror.source.fault("jobs", {"envelope": {"totalCount": 10**9}}, every=1)
    code, lines = looked(empty_mirror, SOURCES__SERVICETITAN__RUN_LIMIT="60")
    assert (code, [(line["subject"], line["colour"]) for line in lines]) == (
        1,
        [("lists", "yellow"), ("list", "red"), ("clock", "yellow"), ("rate limit", "yellow"), ("disk", "red")],
    )
    assert lines[1]["sentence"] == "campaigns: marketing/campaigns: 403"
    assert "lacks the scope tn.mrk.campaigns:r" in lines[1]["advice"]
    assert re.match(r"this machine's clock is 1(19|20) min behind ServiceTitan's", lines[2]["sentence"])
    assert "4.5 TB more will be needed" in lines[4]["sentence"]


def test_a_user_without_rights_is_told_each_statement(empty_mirror: Mirror) -> None:
    empty_mirror.rows("do $$ begin create role weak login; exception when duplicate_object then null; end $$")
    weak = Warehouse(make_dsn(empty_mirror.warehouse.dsn, user="weak"))
    empty_mirror.settings["only"] = "campaigns"
    code, lines = looked(Mirror(empty_mirror.source, weak, empty_mirror.root))
    assert (code, {line["subject"] for line in lines if line["colour"] == "red"}) == (1, {"rights"})
    assert lines[0]["sentence"] == "The schema raw_servicetitan is missing and may not be made"
    assert lines[0]["advice"].startswith('create schema raw_servicetitan authorization "weak";')


def test_a_limit_that_five_minutes_are_too_short_for_is_red(empty_mirror: Mirror) -> None:
    empty_mirror.settings["requests_per_second"] = 0.05
    line = rate_limit(empty_mirror.configured(), [Probe(Task(STANDARD[0], endpoint)) for endpoint in LISTS])
    assert (line.colour, line.advice.partition(",")[0]) == ("red", "Raise SOURCES__SERVICETITAN__REQUESTS_PER_SECOND")


def test_a_missing_setting_is_named_and_the_database_looked_at_all_the_same(empty_mirror: Mirror) -> None:
    code, (settings,) = looked(empty_mirror, SOURCES__SERVICETITAN__APP_KEY="")
    assert (code, settings["subject"]) == (2, "settings")
    assert "app_key SOURCES__SERVICETITAN__APP_KEY" in settings["advice"]


def test_an_embedded_server_that_had_to_move_its_files_is_looked_at_where_they_are(
    mirror: Mirror, tmp_path: Path
) -> None:
    moved = replace(mirror.warehouse, embedded=tmp_path / "not here")
    with closing(mirror.warehouse.connect()) as connection:
        folder = database_folder(connection, moved)
    assert folder and (folder / "PG_VERSION").is_file()

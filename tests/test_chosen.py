"""Which lists are read is chosen by name and pattern; what is not chosen costs nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mirror import Mirror, simulator
from servers import new_database
from servicetitan_mirror.config.chosen import Lists, Pauses, seconds_between
from servicetitan_mirror.entities import BY_NAME, LISTS, STANDARD
from servicetitan_mirror.postgres.warehouse import Warehouse
from servicetitan_simulator import Simulator

CURSOR = "select {} from raw_servicetitan.sync_cursors where list = '{}'"


@pytest.fixture(scope="module")
def with_projects(synced: Warehouse, root: Path) -> Warehouse:
    """A database into which projects were synced once, besides the standard lists; tests work on copies of it."""
    warehouse = new_database(synced, template=synced)
    with simulator() as source:
        mirror = Mirror(source, warehouse, root, {"entities": "standard,projects"})
        assert mirror.sync()["projects"].status == "completed"
    return warehouse


@pytest.fixture
def chosen(source: Simulator, with_projects: Warehouse, root: Path) -> Mirror:
    """A mirror into which projects were synced once, besides the standard lists."""
    settings = {"entities": "standard,projects"}
    return Mirror(source, new_database(with_projects, template=with_projects), root, settings)


def test_a_chosen_list_lands_and_its_table_is_built(chosen: Mirror) -> None:
    assert chosen.landed("projects") == chosen.listed("projects") != []
    assert chosen.is_built("projects")
    assert chosen.row("select count(*) > 0 from st_sync_log where module = 'projects' and status = 'completed'") == (
        True,
    )


def test_a_change_of_it_is_in_its_table_after_the_next_sync(chosen: Mirror) -> None:
    (project,) = chosen.source.touch("projects")
    chosen.source.set("projects", project, {"name": "Whole house"})
    assert chosen.sync()["projects"].fetched == 1
    assert chosen.row(f"select name from st_projects where st_id = {project}") == ("Whole house",)


def test_what_is_not_chosen_has_no_call_and_no_table(mirror: Mirror) -> None:
    mirror.source.reset_calls()
    mirror.sync()
    assert mirror.source.calls()["total"] == len(LISTS)
    tables = mirror.rows("select tablename from pg_tables where tablename ~ 'projects|calls'")
    assert tables == []


def test_a_list_that_is_taken_out_keeps_its_rows_and_says_since_when(chosen: Mirror) -> None:
    before = chosen.landed("projects")
    chosen.settings["entities"] = "standard"
    assert "projects" not in chosen.sync()
    assert (chosen.landed("projects"), chosen.is_built("projects")) == (before, True)
    done = chosen.command("status", "--json")
    (tenant,) = json.loads(done.stdout)["tenants"]
    assert (done.returncode, tenant["problems"]) == (0, [])
    (warning,) = tenant["warnings"]
    assert warning.startswith("projects: no longer chosen since ")
    assert warning.endswith("UTC: what it holds is kept, and not kept fresh")


def test_a_run_of_changes_is_one_though_a_list_of_it_was_read_whole(mirror: Mirror) -> None:
    mirror.settings["entities"] = "standard,projects"
    mirror.sync()
    (tenant,) = json.loads(mirror.command("status", "--json").stdout)["tenants"]
    assert [run["sync_type"] for run in tenant["runs"]] == ["incremental", "full"]


def test_a_list_that_comes_back_goes_on_where_it_was(chosen: Mirror) -> None:
    chosen.settings["entities"] = "standard"
    chosen.sync()
    assert chosen.row(CURSOR.format("let_go_at is not null", "projects")) == (True,)
    chosen.source.touch("projects")
    chosen.settings["entities"] = "standard,projects"
    assert chosen.sync()["projects"].fetched == 1
    assert chosen.row(CURSOR.format("let_go_at is null", "projects")) == (True,)
    assert chosen.is_built("projects")


def test_reference_lists_rest_for_an_hour_where_more_than_the_standard_ones_are_chosen(chosen: Mirror) -> None:
    chosen.source.reset_calls()
    outcomes = chosen.sync()
    resting = {entity.name for entity in STANDARD if entity.is_reference}
    assert outcomes.keys() & resting == set()
    lists = [endpoint for entity in STANDARD if not entity.is_reference for endpoint in entity.endpoints]
    assert chosen.source.calls()["total"] == len(lists) + 1


def test_a_resting_list_is_read_once_its_time_is_over_or_when_it_is_asked_for(chosen: Mirror) -> None:
    assert "campaigns" in chosen.sync(only=("campaigns",))
    assert "campaigns" in chosen.sync(full=True)
    chosen.rows(
        "update raw_servicetitan.sync_cursors set cursor = cursor - interval '2 h' where list = 'campaigns' returning 1"
    )
    assert {"campaigns"} == chosen.sync().keys() & {entity.name for entity in STANDARD if entity.is_reference}


def test_the_setting_says_how_often_a_list_is_read(chosen: Mirror) -> None:
    chosen.settings["every"] = "reference=always,jobs=1h"
    outcomes = chosen.sync()
    assert ("campaigns" in outcomes, "jobs" in outcomes, "customers" in outcomes) == (True, False, True)
    assert chosen.row(CURSOR.format("pause_seconds", "jobs")) == (3600,)


def test_the_age_of_a_resting_table_is_no_alarm(chosen: Mirror) -> None:
    chosen.rows("update raw_servicetitan.sync_cursors set cursor = now() - interval '50 min' where true returning 1")
    chosen.sync(only=("projects", *(entity.name for entity in STANDARD if not entity.is_reference)))
    assert chosen.command("status", "--max-age", "10m").returncode == 0


def test_a_scope_that_is_missing_fails_that_list_alone(chosen: Mirror) -> None:
    chosen.source.settings(removed_scopes=["tn.jpm.projects:r"])
    outcomes = chosen.sync()
    failed = {name: outcome.error for name, outcome in outcomes.items() if outcome.status == "failed"}
    assert failed.keys() == {"projects"} and "tn.jpm.projects:r" in str(failed["projects"])


def test_a_list_that_is_asked_for_by_name_need_not_be_chosen(mirror: Mirror) -> None:
    assert mirror.sync(only=("projects",))["projects"].status == "completed"
    assert mirror.is_built("projects")
    assert "projects" not in mirror.sync()


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (["standard", "calls", "inventory.*"], "standard,calls,inventory.*"),
        ('["jobs", "calls"]', "jobs,calls"),
        (" jobs , calls ", "jobs,calls"),
        ("", ""),
    ],
)
def test_names_may_be_a_list_or_a_text(given: object, read: str) -> None:
    assert Lists().read(given) == read


@pytest.mark.parametrize("given", [["cats"], "jobs,cats", ["inventry.*"], 5, [5], {"calls": True}])
def test_a_name_that_means_nothing_is_refused(given: object) -> None:
    with pytest.raises(ValueError):
        Lists().read(given)


@pytest.mark.parametrize(
    ("given", "read"), [("1h", "*=1h"), (["calls=15m", "reference = 2H"], "calls=15m,reference=2h")]
)
def test_times_are_of_all_lists_or_of_some(given: object, read: str) -> None:
    assert Pauses().read(given) == read


@pytest.mark.parametrize("given", ["soon", "cats=1h", "calls=", "calls=1w", ["calls"], 60])
def test_a_time_that_is_none_is_refused(given: object) -> None:
    with pytest.raises(ValueError):
        Pauses().read(given)


def test_the_last_of_several_times_holds() -> None:
    asked = ("standard", "calls")
    every = "reference=2h,campaigns=always,calls=15m"
    names = ("campaigns", "technicians", "calls", "jobs")
    assert [seconds_between(BY_NAME[name], every, asked) for name in names] == [0, 7200, 900, 0]
    assert [seconds_between(BY_NAME[name], "", asked) for name in names] == [3600, 3600, 0, 0]
    assert [seconds_between(BY_NAME[name], "", ("standard",)) for name in names] == [0, 0, 0, 0]

"""Models that users add to the dbt project are built by the syncs that changed what they read, and break nothing."""

from __future__ import annotations

import re
import shutil
from contextlib import closing

import pytest

from conftest import ROOT
from mirror import Mirror
from servers import new_database
from servicetitan_mirror.postgres.warehouse import Warehouse
from servicetitan_mirror.tables.project import Project, model_names

README = (ROOT / "README.md").read_text()
EXAMPLE = dict(re.findall(r"```\w+\n(?:--|#) (models/marts/\S+)\n(.*?)```", README, re.DOTALL))
MART = {
    "models/marts/finance/billed.sql": """
        {{ config(materialized='table', alias='billed jobs') }}
        select kind, sum(invoice_total) as billed
        from {{ ref('current_jobs') }} cross join {{ ref('kinds') }} group by 1
    """,
    "models/current_jobs.sql": "{{ config(materialized='ephemeral') }} select * from {{ ref('st_jobs') }}",
    "models/planted.sql": """
        {{ config(materialized='table') }}
        select count(*) as jobs from {{ source('servicetitan', 'jobs') }} where record ->> 'summary' = 'Planted'
    """,
    "models/aside.sql": "{{ config(materialized='table') }} select 1 as one",
    "seeds/kinds.csv": "kind\nplumbing\n",
    "snapshots/states.yml": """
snapshots:
  - name: job_states
    relation: ref('st_jobs')
    config: {schema: history, unique_key: st_id, strategy: check, check_cols: [summary]}
""",
}
BROKEN = {
    "models/divided.sql": "{{ config(materialized='table') }} select st_id / 0 as none from {{ ref('st_jobs') }}",
    "models/lacking.sql": "{{ config(materialized='table') }} select no_such from {{ ref('st_jobs') }}",
    "models/promised.sql": "select 1 as one from {{ ref('st_jobs') }}",
    "models/promised.yml": """
models:
  - {name: promised, config: {contract: {enforced: true}}, columns: [{name: two, data_type: int}]}
""",
    "models/good.sql": "{{ config(materialized='table') }} select max(st_id) as last from {{ ref('st_jobs') }}",
}
LOST = {"models/lost.sql": "select * from {{ ref('nothing') }}"}
CYCLE = {"models/one.sql": "select * from {{ ref('st_jobs') }} join {{ ref('two') }} using (st_id)"}
CYCLE |= {"models/two.sql": "select * from {{ ref('one') }}"}
UNREADABLE = {
    "bad Jinja": ({"models/open.sql": "select {{ 1"}, "models/open.sql"),
    "bad YAML": ({"models/odd.yml": "models: [{name: a"}, "odd.yml"),
    "a macro": ({"macros/mine.sql": "{% macro mine() %}"}, "macros/mine.sql"),
    "bytes": ({"models/bytes.sql": "select 1 -- \udce9"}, "models/bytes.sql"),
    "a variable": ({"models/variable.sql": "select '{{ env_var('NO_SUCH') }}'"}, "NO_SUCH"),
    "two of one name": ({"models/a/x.sql": "select 1", "models/b/x.sql": "select 2"}, '"x"'),
}


def add(mirror: Mirror, files: dict[str, str]) -> None:
    """Write the files into the mirror's project."""
    for name, text in files.items():
        path = mirror.root / "dbt_project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode(errors="surrogateescape"))


def started_dbt(mirror: Mirror) -> bool:
    """Whether dbt has written its results since this was asked last."""
    results = mirror.root / ".servicetitan" / "dbt" / "run_results.json"
    was_there = results.exists()
    results.unlink(missing_ok=True)
    return was_there


def test_a_mart_follows_a_changed_job(own_project: Mirror) -> None:
    mirror = own_project
    add(mirror, EXAMPLE | MART)
    outcome = mirror.sync()["models"]
    assert (outcome.status, outcome.error, started_dbt(mirror)) == ("completed", None, True)
    completed = "select count(*), sum(invoice_total) from st_jobs where job_status = 'Completed'"
    example = "select sum(jobs), sum(revenue) from public_marts.revenue_by_business_unit"
    assert mirror.row(example) == mirror.row(completed)
    assert mirror.row("select to_regclass('public.aside')") == (None,)
    job = next(job["id"] for job in mirror.listed("jobs") if job["jobStatus"] == "Completed")
    mirror.source.set("jobs", job, {"total": 123456.78, "summary": "Planted"})
    assert mirror.sync()["models"].status == "completed"
    assert mirror.row(example) == mirror.row(completed)
    assert mirror.row('select billed from "billed jobs"') == mirror.row("select sum(invoice_total) from st_jobs")
    assert mirror.row("select jobs from planted") == (1,)
    assert mirror.row("select count(*) from public_history.job_states where dbt_valid_to is not null") == (1,)
    started_dbt(mirror)
    mirror.source.touch("estimates")
    assert ("models" in mirror.sync(), started_dbt(mirror)) == (False, False)
    assert mirror.rows("select status from st_sync_log where module = 'models'") == [("completed",)] * 2


def test_a_project_without_marts_is_synced_from_the_first_time_on(own_project: Mirror, embedded_18: Warehouse) -> None:
    for folder in ("models/marts", "semantic"):
        shutil.rmtree(own_project.root / "dbt_project" / folder)
    mirror = Mirror(own_project.source, new_database(embedded_18), own_project.root)
    assert {outcome.status for outcome in mirror.sync().values()} == {"completed"}
    assert (mirror.differences(), mirror.row("select to_regnamespace('analytics')")) == ([], (None,))


def test_a_data_test_that_dbt_cannot_parse_stops_no_model(own_project: Mirror) -> None:
    tested = "models: [{name: tested, columns: [{name: last, data_tests: [unique, unique]}]}]"
    add(own_project, {"models/tested.sql": "select max(st_id) as last from {{ ref('st_jobs') }}"})
    add(own_project, {"models/tested.yml": tested})
    assert own_project.sync()["models"].status == "completed"
    assert own_project.row("select last from tested") == own_project.row("select max(st_id) from st_jobs")


def test_a_table_of_somebody_else_in_the_place_of_a_mart_is_left_alone(own_project: Mirror) -> None:
    mirror = own_project
    mirror.rows("delete from raw_servicetitan.built_models where model like '%.dim_dates'")
    mirror.rows("drop view analytics.dim_dates cascade; create table analytics.dim_dates as select 'mine' as whose")
    models = mirror.sync()["models"]
    assert '"analytics"."dim_dates" is a table that no sync has made' in models.details["dim_dates"]
    assert mirror.row("select whose from analytics.dim_dates") == ("mine",)
    mirror.rows("alter table analytics.dim_dates rename to my_dates")
    assert mirror.sync()["models"].status == "completed"
    assert mirror.row("select count(*) > 365 from analytics.dim_dates") == (True,)


def test_a_broken_model_fails_itself_and_is_named(own_project: Mirror) -> None:
    add(own_project, BROKEN)
    outcomes = own_project.sync()
    models = outcomes.pop("models")
    assert (models.status, sorted(models.details)) == ("failed", ["divided", "lacking", "promised"])
    assert "division by zero" in models.details["divided"] and "no_such" in models.details["lacking"]
    assert {outcome.status for outcome in outcomes.values()} == {"completed"}
    assert own_project.row("select last from good") == own_project.row("select max(st_id) from st_jobs")
    status = own_project.command("status")
    assert (status.returncode, "models: divided: " in status.stdout + status.stderr) == (1, True)
    for name in (name for name in BROKEN if "good" not in name):
        (own_project.root / "dbt_project" / name).unlink()
    assert own_project.sync()["models"].status == "completed"
    assert own_project.command("status").returncode == 0


@pytest.mark.parametrize(("files", "named"), [(LOST, "models/lost.sql"), (CYCLE, "model.servicetitan_mirror.two")])
def test_a_project_that_dbt_cannot_read_stops_no_table_of_ours(
    own_project: Mirror, files: dict[str, str], named: str
) -> None:
    own_project.rows("drop table st_campaigns cascade")
    (job,) = own_project.source.touch("jobs")
    add(own_project, files)
    outcomes = own_project.sync()
    models = outcomes.pop("models")
    assert (models.status, named in str(models.error)) == ("failed", True)
    assert {outcome.status for outcome in outcomes.values()} == {"completed"}
    assert own_project.row("select count(*) > 0 from st_campaigns") == (True,)
    assert own_project.row(
        f"select full_data = record from st_jobs join raw_servicetitan.jobs on id = st_id where id = {job}"
    ) == (True,)


@pytest.mark.parametrize("files", UNREADABLE.values(), ids=UNREADABLE)
def test_what_dbt_cannot_read_is_named_and_our_models_are_known(
    own_project: Mirror, files: tuple[dict[str, str], str]
) -> None:
    add(own_project, files[0])
    project, connection = Project(own_project.warehouse, own_project.root), own_project.warehouse.connect()
    with closing(project), closing(connection):
        found = project.parse(connection)
        assert project.kept(connection) is None  # what was wrong may be mended without a change of a file
    assert (files[1] in str(found.problem), found.ours.keys()) == (True, set(model_names(own_project.root)))

"""What users rely on besides the records: the log, their own views, upgrades, secrets."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import pytest

from mirror import Mirror
from servers import new_database
from servicetitan_mirror.postgres.warehouse import RAW, Warehouse, query
from servicetitan_mirror.tables.builds import Ready, Transformer

MODEL = "models/servicetitan/transactions/st_jobs.sql"


def test_a_failing_model_keeps_what_landed_and_the_next_run_builds_it(own_project: Mirror) -> None:
    model = own_project.root / "dbt_project" / MODEL
    good = model.read_text()
    model.write_text(good.replace("{{ number('total') }}", "1 / 0"))
    (job,) = own_project.source.touch("jobs")
    own_project.source.touch("customers")
    outcomes = own_project.sync()
    assert (outcomes["jobs"].status, outcomes["customers"].status) == ("failed", "completed")
    assert "st_jobs could not be built" in (outcomes["jobs"].error or "")
    model.write_text(good)
    assert own_project.sync()["jobs"].status == "completed"
    assert own_project.row(
        f"select full_data = record from st_jobs join raw_servicetitan.jobs on id = st_id where id = {job}"
    ) == (True,)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("(doc ->> 'summary')::numeric", 'type numeric: "…" (22P02).'),
        ("record.nothing", "record.nothing does not exist (42703). It stands in: rec"),
    ],
    ids=["value", "column"],
)
def test_what_dbt_says_of_a_model_is_its_modules_error_and_the_others_complete(
    own_project: Mirror, bad: str, said: str
) -> None:
    replace(own_project.root / "dbt_project" / MODEL, "{{ number('total') }}", bad)
    own_project.source.set("jobs", own_project.listed("jobs")[0]["id"], {"summary": "Planted Marker"})
    outcomes = own_project.sync()
    (error,) = own_project.row("select error_message from st_sync_log where module = 'jobs' and status = 'failed'")
    assert (outcomes["jobs"].error, outcomes["customers"].status) == (error, "completed")
    assert error.startswith("st_jobs could not be built: ") and said in error and "Planted" not in error
    assert own_project.differences() == []


def test_a_broken_file_of_the_products_is_named_and_the_tables_follow_as_they_were(own_project: Mirror) -> None:
    file = (own_project.root / "dbt_project" / MODEL).with_suffix(".yml")
    replace(file, "\n    columns:", "\n    columns")
    own_project.source.set("jobs", own_project.listed("jobs")[0]["id"], {"summary": "Planted Marker"})
    outcomes = own_project.sync()
    assert (outcomes["jobs"].status, outcomes["models"].status) == ("completed", "failed")
    assert f"Error reading servicetitan_mirror: {MODEL[7:-4]}.yml" in str(outcomes["models"].error)
    assert own_project.row("select count(*) from st_jobs where summary = 'Planted Marker'") == (1,)
    assert own_project.differences() == []


def test_where_nothing_was_built_yet_a_broken_file_of_the_products_keeps_what_landed(
    own_project: Mirror, embedded_18: Warehouse
) -> None:
    first = Mirror(own_project.source, new_database(embedded_18), own_project.root)
    file = (first.root / "dbt_project" / MODEL).with_suffix(".yml")
    good = file.read_text()
    replace(file, "\n    columns:", "\n    columns")
    failed = first.sync()["jobs"]
    assert failed.status == "failed" and "models/servicetitan could not be built: " in str(failed.error)
    assert first.row(f"select count(*) from {RAW}.jobs") == (len(first.listed("jobs")),)
    file.write_text(good)
    assert {outcome.status for outcome in first.sync().values()} == {"completed"}
    assert first.differences() == []


def test_a_foreign_column_constraint_or_trigger_costs_its_module_and_is_named(mirror: Mirror) -> None:
    mirror.rows("alter table st_campaigns add column mine text not null default ''")
    mirror.rows("alter table st_campaigns alter column mine drop default")
    mirror.rows("alter table st_customers add constraint named check (name <> 'Planted Marker')")
    mirror.rows("create function refuse() returns trigger language plpgsql as $$ begin raise '%', new.name; end $$")
    mirror.rows("create trigger mine before update on st_job_types for each row execute function refuse()")
    mirror.source.add("campaigns")
    mirror.source.set("customers", mirror.listed("customers")[0]["id"], {"name": "Planted Marker"})
    mirror.source.set("job_types", mirror.listed("job_types")[0]["id"], {"name": "Planted Marker"})
    outcomes = mirror.sync()
    failed = {name: outcome.error or "" for name, outcome in outcomes.items() if outcome.status == "failed"}
    assert 'alter table "public"."st_campaigns" alter column "mine" drop not null;' in failed["campaigns"]
    assert 'alter table "public"."st_customers" drop constraint "named";' in failed["customers"]
    assert "refuse() raised an error (P0001). It is not the mirror's" in failed["job_types"]
    assert (outcomes["jobs"].status, "Planted" in str(failed)) == ("completed", False)
    assert mirror.differences() == []


def test_an_upgrades_column_index_and_descriptions_reach_the_database(own_project: Mirror) -> None:
    project = own_project.root / "dbt_project"
    own_project.rows("create view mine as select job_id from v_active_jobs")
    column = "    {{ text('jobNumber') }} as number_again,\n\n    {{ sync_columns() }}"
    described = (
        "      - name: number_again\n        data_type: text\n        description: Again.\n      - name: full_data"
    )
    replace(project / MODEL, "    {{ sync_columns() }}", column)
    yml = (project / MODEL).with_suffix(".yml")
    replace(yml, "      - name: full_data", described)
    replace(yml, "Kind of work that was booked.", "What was booked.")
    replace(
        yml, "          - columns: [job_number]", "          - columns: [job_number]\n          - columns: [priority]"
    )
    replace(project / "models/servicetitan/views/v_active_jobs.yml", "with whom to call", "whom to call")
    own_project.sync()
    jobs = len(own_project.listed("jobs"))
    assert own_project.row("select count(*), count(number_again) from st_jobs") == (jobs, jobs)
    assert own_project.row("select to_regclass('st_jobs_priority') is null") == (False,)
    said = own_project.rows("""select attname, col_description(attrelid, attnum) from pg_attribute
        where attrelid = 'st_jobs'::regclass and attname in ('number_again', 'job_type_id') order by 1""")
    assert said == [("job_type_id", "What was booked."), ("number_again", "Again.")]
    assert "canceled, whom to call" in own_project.row("select obj_description('v_active_jobs'::regclass)")[0]
    assert own_project.row("select count(*) > 0 from mine") == (True,)


def replace(path: Path, old: str, new: str) -> None:
    """Change a file, as an upgrade would."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_the_first_tables_are_made_empty_and_each_row_is_written_once(mirror: Mirror) -> None:
    mirror.rows("drop schema public cascade; create schema public; truncate raw_servicetitan.built_models")
    transformer, tenant_id = Transformer(mirror.warehouse, mirror.root), int(mirror.source.tenant_id)
    with closing(mirror.warehouse.connect()) as connection:
        assert transformer.build(connection, tenant_id, Ready()) == []
        assert query(connection, "select count(*) from st_jobs") == [(0,)]
        assert transformer.build(connection, tenant_id) == []
        query(connection, "select pg_stat_force_next_flush()")
    written = mirror.row(
        "select sum(n_tup_ins), sum(n_tup_upd) from pg_stat_user_tables where relname ~ '^st_jobs(_[0-7])?$'"
    )
    assert written == (len(mirror.listed("jobs")), 0)


def test_a_sync_of_changes_does_not_start_dbt(own_project: Mirror) -> None:
    (job,) = own_project.source.touch("jobs")
    assert own_project.sync()["jobs"].updated == 1
    assert own_project.row(
        f"select full_data = record from st_jobs join raw_servicetitan.jobs on id = st_id where id = {job}"
    ) == (True,)
    assert not (own_project.root / ".servicetitan" / "dbt").exists()


def test_a_column_that_somebody_dropped_comes_back_for_all_rows(mirror: Mirror) -> None:
    filled = "select count(job_number) from st_jobs"
    mirror.rows("alter table st_jobs drop column job_number cascade")
    mirror.source.touch("jobs")
    assert mirror.sync()["jobs"].status == "completed"
    assert mirror.row(filled) == (len(mirror.listed("jobs")),)


def test_rows_that_a_table_has_lost_come_back_with_a_full_sync(mirror: Mirror) -> None:
    (job,) = mirror.source.delete("jobs")
    mirror.sync(full=True)
    mirror.rows("truncate st_customers; delete from st_custom_fields where entity_type = 'jobs'")
    mirror.rows("update st_jobs set deleted_at = null")
    assert mirror.sync(full=True)["customers"].status == "completed"
    assert [name for name in ("customers", "custom_fields", "jobs") if not mirror.is_built(name)] == []
    assert mirror.rows("select st_id from st_jobs where deleted_at is not null") == [(job,)]


def test_views_of_analysts_survive_syncs_and_full_syncs(mirror: Mirror) -> None:
    mirror.rows("create view mine as select name, job_id from st_customers join v_active_jobs on st_id = customer_id")
    mirror.source.touch("customers", count=4)
    mirror.sync()
    mirror.sync(full=True)
    assert mirror.row("select count(*) >= 0 from mine") == (True,)


def test_analysts_may_read_what_is_published_and_nothing_else(mirror: Mirror) -> None:
    may = "has_table_privilege('servicetitan_analyst', oid, '{}')"
    rows = mirror.rows(f"""
        select relnamespace::regnamespace::text, bool_and({may.format("select")}), bool_or({may.format("select")}),
            bool_or({may.format("insert, update, delete, truncate")})
        from pg_class where relkind in ('r', 'v') and relnamespace::regnamespace::text in ('public', 'raw_servicetitan')
        group by 1 order by 1""")
    assert rows == [("public", True, True, False), ("raw_servicetitan", False, False, False)]


def test_the_analysts_role_gets_its_rights_at_the_next_sync_whenever_it_is_made(mirror: Mirror) -> None:
    own = mirror.row("select rolname from pg_roles where rolname = 'servicetitan_analyst'")
    mirror.rows("revoke all on st_jobs, v_active_jobs, analytics.fct_jobs from servicetitan_analyst")
    mirror.rows("revoke usage on schema analytics from servicetitan_analyst")
    mirror.sync(only=("campaigns",))
    may = "select has_table_privilege('servicetitan_analyst', 'st_jobs', 'select'), has_table_privilege("
    assert (own, mirror.row(f"{may}'servicetitan_analyst', 'v_active_jobs', 'select')")) == (
        ("servicetitan_analyst",),
        (True, True),
    )
    mirror.rows("set role servicetitan_analyst; select * from analytics.fct_jobs, v_invoice_items limit 1")


def test_a_table_can_be_rebuilt_from_the_raw_records_without_the_api(mirror: Mirror) -> None:
    mirror.rows("update st_jobs set summary = 'spoiled', local_created_at = now()")
    mirror.source.reset_calls()
    assert mirror.command("rebuild", "jobs").stdout == f"rebuilt for tenant {mirror.source.tenant_id}: jobs\n"
    assert mirror.source.calls()["total"] == 0
    assert mirror.row("""
        select count(*) from st_jobs join raw_servicetitan.jobs on st_id = id
        where summary is not distinct from record ->> 'summary' and local_created_at = first_seen_at
    """) == (len(mirror.listed("jobs")),)


def test_a_dropped_landed_table_comes_back_with_all_its_records(mirror: Mirror) -> None:
    mirror.rows("drop table raw_servicetitan.campaigns")
    assert mirror.sync()["campaigns"].sync_type == "full"
    assert mirror.differences() == []


def test_a_run_that_died_shows_as_abandoned_when_the_next_one_starts(mirror: Mirror) -> None:
    mirror.rows("""
        insert into raw_servicetitan.sync_log (run_id, tenant_id, module, sync_type, status, triggered_by)
        values (gen_random_uuid(), 1234567, 'jobs', 'incremental', 'started', 'manual')""")
    mirror.sync(only=("campaigns",))
    assert mirror.rows("select module, status from st_sync_log where status = 'abandoned'") == [("jobs", "abandoned")]


def test_the_log_is_visible_while_a_module_is_at_work(mirror: Mirror) -> None:
    import threading

    mirror.source.fault("jobs", {"delay": 3}, calls=[1])
    thread = threading.Thread(target=mirror.sync, kwargs={"only": ("jobs",)})
    thread.start()
    with closing(mirror.warehouse.connect()) as connection:
        seen = False
        while thread.is_alive() and not seen:
            seen = bool(query(connection, "select 1 from st_sync_log where status = 'started'"))
    thread.join()
    assert seen


@pytest.mark.parametrize("level", ["ERROR", "DEBUG"])
def test_nothing_secret_and_no_customer_data_is_written_anywhere(mirror: Mirror, level: str) -> None:
    planted = mirror.listed("customers")[0]["id"]
    mirror.source.set("customers", planted, {"name": "Planted Marker", "balance": "planted-value"})
    mirror.source.raw("campaigns", mirror.listed("campaigns")[0]["id"], '{"name": "Planted Marker"}')
    mirror.source.fault("tag_types", {"envelope": {"data": "Planted Marker"}}, every=1)
    done = mirror.command("--full", RUNTIME__LOG_LEVEL=level, RUNTIME__HTTP_SHOW_ERROR_BODY="true")
    written = (
        done.stdout + done.stderr + str(mirror.rows("select error_message, error_details, parameters from st_sync_log"))
    )
    secrets = [mirror.source.credentials.client_secret, mirror.source.credentials.app_key, "Bearer ey"]
    assert [marker for marker in ["Planted Marker", "planted-value", *secrets] if marker in written] == []
    assert re.search("tag_types", written)


def test_the_log_forgets_after_its_retention(mirror: Mirror) -> None:
    mirror.rows("update raw_servicetitan.sync_log set started_at = now() - interval '100 days'")
    mirror.sync(only=("jobs",))
    assert mirror.row("select count(*), min(module) from st_sync_log") == (1, "jobs")

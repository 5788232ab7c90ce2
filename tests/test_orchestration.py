"""Dagster over the tenants: what becomes an asset, what a run tells, when what is run, and what checks say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("dagster", reason="Dagster is not installed here: make test-dagster has it")

from dagster import (
    AssetKey,
    DagsterInstance,
    ExecuteInProcessResult,
    SensorResult,
    build_schedule_context,
    build_sensor_context,
)
from dlt.common.configuration.container import Container
from dlt.common.configuration.specs import PluggableRunContext

from mirror import Mirror, simulator
from orchestration import commands, configured
from orchestration.assets import AT_WORK
from orchestration.definitions import defs
from orchestration.names import CALLS, CHANGES, COMPARE, EVERYTHING, JUDGE, OUTCOME, RECORDS, TENANT, TENANTS
from orchestration.network import network
from servers import new_database
from servicetitan_mirror.config import tenants
from servicetitan_mirror.entities import BY_NAME, STANDARD
from servicetitan_mirror.postgres.warehouse import Warehouse, locked
from servicetitan_mirror.tables.lineage import read

pytestmark = pytest.mark.filterwarnings("ignore")  # Dagster's own, of what is in preview
OURS, MARTS = "model.servicetitan_mirror.", "analytics"


@pytest.fixture(scope="session")
def both_synced(embedded_18: Warehouse, root: Path) -> Warehouse:
    """A database into which both tenants were synced; tests work on copies of it."""
    warehouse = new_database(embedded_18)
    for tenant in ("1", "2"):
        with simulator(2, tenant_id=tenant) as source:
            Mirror(source, warehouse, root).sync()
    return warehouse


@pytest.fixture
def two(both_synced: Warehouse, root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[list[Mirror]]:
    """Two tenants, north and south, of one database, both synced; the settings lead to them."""
    before = Container()[PluggableRunContext]
    warehouse = new_database(both_synced, template=both_synced)
    with simulator(2, tenant_id="1") as north, simulator(2, tenant_id="2") as south:
        mirrors = [Mirror(source, warehouse, root) for source in (north, south)]
        write(tmp_path, warehouse, dict(zip(("north", "south"), mirrors, strict=True)))
        monkeypatch.setenv("DLT_PROJECT_DIR", str(tmp_path))
        yield mirrors
    Container()[PluggableRunContext] = before
    tenants.use(None)


def write(folder: Path, warehouse: Warehouse, mirrors: dict[str, Mirror], more: str = "") -> None:
    """The settings of these tenants."""
    keys = next(iter(mirrors.values())).source.credentials._asdict()
    lines = [f"destination.postgres.credentials = '{warehouse.url()}'", "[sources.servicetitan]", more]
    lines += [f"{name} = '{value}'" for name, value in keys.items()]
    for name, mirror in mirrors.items():
        url = mirror.source.url
        lines += [f"[sources.servicetitan.tenants.{name}]", f"tenant_id = {mirror.source.tenant_id}"]
        lines += [f"api_url = '{url}'", f"auth_url = '{url}'"]
    (folder / ".dlt").mkdir(exist_ok=True)
    (folder / ".dlt" / "secrets.toml").write_text("\n".join(lines))
    (folder / ".dlt" / "secrets.toml").chmod(0o600)


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[DagsterInstance]:
    """An instance that knows both tenants."""
    quiet = {"telemetry": {"enabled": False}}
    with DagsterInstance.local_temp(str(tmp_path), overrides=quiet) as known:
        known.add_dynamic_partitions(str(TENANTS.name), ["north", "south"])
        yield known


def run(instance: DagsterInstance, job: str, tenant: str | None = None, **options: Any) -> ExecuteInProcessResult:
    """Run a job in this process."""
    found = defs().resolve_job_def(job)
    return found.execute_in_process(instance=instance, partition_key=tenant, raise_on_error=False, **options)


def materialized(result: ExecuteInProcessResult) -> set[str]:
    return {event.asset_key.path[-1] for event in result.get_asset_materialization_events() if event.asset_key}


def node(name: str, *parents: str, entities: tuple[str, ...] = (), ours: bool = True, schema: str = "public") -> dict:
    described = {"id": OURS + name, "name": name, "fqn": name, "is_ours": ours, "materialized": "table"}
    reads = tuple(OURS + parent for parent in parents)
    return {**described, "schema": schema, "relation": name, "digest": "", "parents": reads, "entities": entities}


def test_assets_are_what_lands_and_what_dbt_makes_of_it_grouped_by_the_part_of_the_api() -> None:
    nodes = [
        node("st_jobs", entities=("jobs",)),
        node("st_sync_log"),
        node("fct_jobs", "st_jobs", ours=False, schema=MARTS),
        node("my_jobs", "fct_jobs", ours=False, schema="mine"),
    ]
    found = network([BY_NAME["jobs"]], read(nodes)).values()
    assert [(part.key.to_user_string(), part.group, [key.path[-1] for key in part.reads]) for part in found] == [
        ("raw_servicetitan/jobs", "jpm", []),
        ("public/st_jobs", "jpm", ["jobs"]),
        ("public/st_sync_log", "bookkeeping", []),
        ("analytics/fct_jobs", "analytics", ["st_jobs"]),
        ("mine/my_jobs", "own_models", ["fct_jobs"]),
    ]
    assert [part.entities for part in found] == [{"jobs"}, {"jobs"}, set(), {"jobs"}, {"jobs"}]
    assert [part.is_ours for part in found] == [True, True, True, True, False]


def test_a_run_syncs_its_tenant_and_tells_what_became_of_each_asset(
    two: list[Mirror], instance: DagsterInstance, tmp_path: Path, embedded_18: Warehouse
) -> None:
    two[0].warehouse = new_database(embedded_18)
    write(tmp_path, two[0].warehouse, {"north": two[0]})
    first = run(instance, CHANGES, "north")
    assert first.success
    assert (two[0].differences(), two[0].row("select count(distinct tenant_id) from st_jobs")) == ([], (1,))
    every = {key.path[-1] for key in defs().resolve_asset_graph().materializable_asset_keys}
    assert (every - materialized(first), {entity.name for entity in STANDARD} - every) == (set(), set())
    jobs = next(each for each in first.get_asset_materialization_events() if each.asset_key == key("jobs"))
    told = {name: value.value for name, value in jobs.materialization.metadata.items()}
    counts = {"fetched": len(two[0].listed("jobs")), "created": len(two[0].listed("jobs")), "updated": 0, "calls": 1}
    assert (counts.items() <= told.items(), told["sync_type"]) == (True, "full")
    assert two[0].rows("select distinct run_id::text from st_sync_log") == [(told["run of st_sync_log"],)]
    tags = instance.get_run_by_id(first.run_id).tags  # type: ignore[union-attr]
    calls, records = two[0].row("select sum(api_calls), sum(records_fetched) from st_sync_log")
    assert (tags[OUTCOME], tags[CALLS], tags[RECORDS]) == ("completed", str(calls), str(records))

    two[0].source.touch("jobs")
    assert {"jobs", "st_jobs", "fct_jobs"} <= (second := materialized(run(instance, CHANGES, "north")))
    assert second & {"invoices", "st_invoices"} == set()
    assert materialized(run(instance, CHANGES, "north")) == set()
    assert materialized(run(instance, EVERYTHING, "north")) == every


def test_a_list_that_fails_fails_the_run_alone_and_is_left_to_the_next_one(
    two: list[Mirror], instance: DagsterInstance
) -> None:
    two[0].source.settings(removed_scopes=["tn.mrk.campaigns:r"])
    result = run(instance, EVERYTHING, "north")
    (failed,) = (event for event in result.all_events if event.is_step_failure)
    assert (result.success, "tn.mrk.campaigns:r" in str(failed.step_failure_data.error_display_string)) == (False, True)
    done = materialized(result)
    assert ({"campaigns", "st_campaigns"} & done, {"jobs", "st_jobs", "st_invoices"} - done) == (set(), set())
    assert [event for event in result.all_events if event.is_step_up_for_retry] == []


def test_a_tenant_that_another_sync_holds_is_passed_over_and_no_failure(
    two: list[Mirror], instance: DagsterInstance
) -> None:
    with locked(two[0].warehouse, 1):
        result = run(instance, CHANGES, "north")
    assert (result.success, materialized(result)) == (True, set())
    assert instance.get_run_by_id(result.run_id).tags[OUTCOME] == "another sync at work"  # type: ignore[union-attr]
    assert AT_WORK in [entry.user_message for entry in instance.all_logs(result.run_id)]


def test_chosen_assets_are_the_lists_that_make_them(two: list[Mirror], instance: DagsterInstance) -> None:
    result = run(instance, CHANGES, "south", asset_selection=[AssetKey(["public", "st_customers"])])
    of_this_run = "run_id = (select run_id from st_sync_log order by started_at desc limit 1)"
    read_lists = {module for (module,) in two[1].rows(f"select module from st_sync_log where {of_this_run}")}
    assert (materialized(result), read_lists) == ({"st_customers"}, {"customers", "customer_contacts", "tag_types"})


def test_the_partitions_follow_the_settings(two: list[Mirror], instance: DagsterInstance) -> None:
    instance.delete_dynamic_partition(str(TENANTS.name), "south")
    instance.add_dynamic_partitions(str(TENANTS.name), ["west"])
    result = defs().resolve_sensor_def("tenants_of_the_settings")(build_sensor_context(instance))
    assert isinstance(result, SensorResult)
    asked = [(request.partition_key, request.tags[TENANT]) for request in result.run_requests or ()]
    follow = [(type(each).__name__, [*each.partition_keys]) for each in result.dynamic_partitions_requests or ()]
    assert asked == [("south", "south")]
    assert follow == [("AddDynamicPartitionsRequest", ["south"]), ("DeleteDynamicPartitionsRequest", ["west"])]


@pytest.fixture(autouse=True)
def in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's clock, by which it is night for a tenant without a zone."""
    monkeypatch.setenv("TZ", "UTC")


def test_a_tenant_of_whom_a_run_is_at_work_gets_no_second_one(two: list[Mirror], instance: DagsterInstance) -> None:
    from dagster import DagsterRun, DagsterRunStatus

    waiting = DagsterRun(job_name=CHANGES, status=DagsterRunStatus.STARTED, tags={"dagster/partition": "north"})
    instance.add_run(waiting)
    known = defs()
    context = build_schedule_context(instance, repository_def=known.get_repository_def())
    data = known.resolve_schedule_def("changes_every_five_minutes").evaluate_tick(context)
    assert [request.partition_key for request in data.run_requests or ()] == ["south"]


def test_each_schedule_asks_for_a_run_of_each_tenant(two: list[Mirror], instance: DagsterInstance) -> None:
    known, night = defs(), datetime(2026, 3, 7, 2, 0, tzinfo=timezone.utc)
    context = build_schedule_context(instance, night, repository_def=known.get_repository_def())
    names = ("changes_every_five_minutes", "everything_nightly", "comparison_weekly", "judged_every_five_minutes")
    asked = {}
    for name in names:
        requests = known.resolve_schedule_def(name).evaluate_tick(context).run_requests or ()
        asked[name] = [request.partition_key for request in requests]
    both = ["north", "south"]
    assert asked == {**dict.fromkeys(names[:3], both), names[3]: [None]}


def test_it_is_night_once_by_each_tenants_own_clock(two: list[Mirror], tmp_path: Path) -> None:
    mirrors = dict(zip(("north", "south"), two, strict=True))
    write(tmp_path, two[0].warehouse, mirrors, "timezone = 'America/Denver'")
    configured.partitions()
    quarters = [datetime(2026, 3, 7, 0, 0, tzinfo=timezone.utc) + timedelta(minutes=15) * n for n in range(4 * 24 * 3)]
    nights = [at for at in quarters if configured.is_night("north", at, timedelta(minutes=15))]
    assert [f"{night:%d %H:%M}" for night in nights] == ["07 09:00", "08 09:00", "09 08:00"]  # 02:00, 03:00, 02:00


def test_checks_say_of_which_tenant_an_asset_is_not_well(two: list[Mirror], instance: DagsterInstance) -> None:
    two[1].source.settings(removed_scopes=["tn.mrk.campaigns:r"])
    jobs = two[1].source.records("jobs")
    two[1].source.set("jobs", jobs[0]["id"], {"customerId": "nobody"})
    for tenant in ("north", "south"):
        run(instance, CHANGES, tenant)
    told = {each.asset_key.path[-1] + " " + each.check_name: each for each in evaluations(instance)}
    wrong = {
        name: {*each.metadata} - {"tenants", "tenants in trouble"} for name, each in told.items() if not each.passed
    }
    expected = {"campaigns completed": {"south"}, "st_jobs converted": {"south"}, "st_campaigns fresh": {"south"}}
    assert wrong == {name: expected[name] for name in wrong}
    assert {"campaigns completed", "st_jobs converted"} <= wrong.keys()
    assert {name.split()[1] for name in told} == {"completed", "fresh", "built", "converted"}


def test_what_the_comparison_finds_is_a_check_of_the_list(two: list[Mirror], instance: DagsterInstance) -> None:
    run(instance, CHANGES, "north")
    two[0].rows("delete from raw_servicetitan.jobs where id = (select min(id) from raw_servicetitan.jobs) returning id")
    compared = run(instance, COMPARE, "north")
    assert compared.success
    agreeing = {each.asset_key.path[-1]: each for each in evaluations(instance) if each.check_name == "agrees"}
    assert {name for name, each in agreeing.items() if not each.passed} == {"jobs"}
    assert (agreeing["jobs"].metadata["north"].value, len(agreeing)) == ("1 missing, 0 extra, 0 stale", len(STANDARD))


def evaluations(instance: DagsterInstance) -> list[Any]:
    result = run(instance, JUDGE)
    assert result.success
    return result.get_asset_check_evaluations()


def key(entity: str) -> AssetKey:
    return AssetKey(["raw_servicetitan", entity])


def test_a_command_that_is_cut_off_says_so_and_its_log_is_heard() -> None:
    heard: list[tuple[str, str]] = []
    said = commands.run(["sync", "--only", "cats"], lambda line, level: heard.append((line, level)))
    assert (said.code, said.answer, said.run) == (2, None, None)
    assert any("cats" in line for line, _ in heard)

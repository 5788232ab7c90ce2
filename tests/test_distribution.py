"""Rows of a tenant can live on a machine or in a partition of their own, and no statement asks for another's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import citus
from dbt_support import PROJECT
from mirror import Mirror, simulator
from plans import Explained, nodes, scans
from servers import debian_15_server, new_database
from servicetitan_mirror.entities import PUBLISHED, STANDARD
from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.postgres.warehouse import Warehouse

MODEL = "dbt_project/models/servicetitan/transactions/st_jobs.sql"
TABLES = [*(f"raw_servicetitan.{each.name}" for each in STANDARD), *(f"public.{each.table}" for each in PUBLISHED)]
CLAUSES = "inner join|left join|right join|full join|cross join|join|where|group by|order by|union|limit|window"
JOIN = re.compile(rf"(?<!cross )\bjoin\b(.*?)(?=\b(?:{CLAUSES})\b|\Z)", re.DOTALL)
KEYS = """
select format('%s.%s', relnamespace::regnamespace, relation.relname), array_agg(attname::text order by place)
from pg_index
inner join pg_class as relation on relation.oid = indrelid
cross join lateral unnest(indkey) with ordinality as part (number, place)
inner join pg_attribute on attrelid = indrelid and attnum = number
where indisunique group by indexrelid, relation.oid
"""
PART = re.compile(r"raw_servicetitan\.\w+_([0-7])")
OF_A_TENANT = re.compile(r"tenant_id = '?(2|1234567)\b")
OF_ALL = "insert into raw_servicetitan.pending_loads"  # what a new version of a model has to build, of all tenants


@pytest.fixture(scope="module", params=["citus", "partitions"])
def two(request: pytest.FixtureRequest, debian_15_binaries: Path, root: Path) -> Iterator[tuple[Explained, Mirror]]:
    """A database in which two tenants are spread, and one of them."""
    with debian_15_server() as server, simulator() as source, simulator(tenant_id="2") as other:
        explained = Explained(server)
        citus.install(explained.warehouse)
        mirrors = [Mirror(each, explained.warehouse, root, {"distribution": request.param}) for each in (other, source)]
        for mirror in mirrors:
            mirror.sync()
        yield explained, mirrors[1]


@pytest.fixture
def spread(empty_mirror: Mirror) -> Mirror:
    """A mirror in partitions, synced in full."""
    empty_mirror.settings["distribution"] = "partitions"
    empty_mirror.sync()
    return empty_mirror


def test_every_unique_key_of_a_tenants_rows_begins_with_the_tenant(mirror: Mirror) -> None:
    keys = [(name, columns) for name, columns in mirror.rows(KEYS) if name in TABLES]
    assert {name for name, _ in keys} == {*TABLES}
    assert [(name, columns) for name, columns in keys if columns[0] != "tenant_id"] == []


def test_every_join_of_models_and_marts_carries_the_tenant() -> None:
    folders = [PROJECT / name for name in ("models", "optional")]
    texts = {path.stem: re.sub("--.*", "", path.read_text()) for folder in folders for path in folder.rglob("*.sql")}
    joins = [(name, " ".join(join.split())) for name, text in texts.items() for join in JOIN.findall(text)]
    crossing = [(name, join) for name, join in joins if "tenant_id" not in join and not join.startswith("lateral ")]
    assert (len(joins) > 70, crossing) == (True, [])


def test_the_first_build_spreads_every_table_of_records_and_no_other(two: tuple[Explained, Mirror]) -> None:
    known = {
        "citus": "select format('%s.%s', relnamespace::regnamespace, relname), relkind::text from pg_dist_partition "
        "inner join pg_class on oid = logicalrelid where distributed_by = 'tenant_id'",
        "partitions": "select format('%s.%s', relnamespace::regnamespace, relname), relkind::text from pg_class "
        "where relkind = 'p'",
    }
    (distribution,) = two[1].row("select raw_servicetitan.distribution()")
    kinds = {"citus": "r", "partitions": "p"}
    assert sorted(two[1].rows(known[distribution])) == sorted((name, kinds[distribution]) for name in TABLES)
    assert two[1].rows("select tgname from pg_trigger where not tgisinternal") == []


@pytest.mark.parametrize(
    "arguments",
    [("sync",), ("sync", "--full"), ("reconcile", "--deep"), ("erase", "--customer", "310000651", "--yes"), ("plan",)],
    ids=" ".join,
)
def test_each_statement_names_its_tenant(two: tuple[Explained, Mirror], arguments: tuple[str, ...]) -> None:
    explained, mirror = two
    for entity in ("jobs", "customer_contacts", "tag_types", "appointment_assignments", "custom_fields"):
        mirror.source.touch(entity)
    mirror.source.delete("invoices")
    explained.plans()
    done = mirror.command(*arguments, "--tenant", "1234567") if arguments[0] != "sync" else mirror.command(*arguments)
    plans = [plan for plan in explained.plans() if OF_ALL not in plan["Query Text"]]
    assert (done.returncode, len(plans) > 10) == (1 if "--deep" in arguments else 0, True), done.stderr
    assert [plan["Query Text"] for plan in plans if crosses(plan)] == []


def crosses(plan: dict[str, object]) -> bool:
    """Whether a statement reads rows of several tenants, or writes them by MERGE."""
    parts = {part[1] for name, _ in scans(plan) if (part := PART.fullmatch(name))}
    whole = [name for name, conditions in scans(plan) if name in TABLES and not OF_A_TENANT.search(conditions)]
    return len(parts) > 1 or whole != [] or any(node.get("Operation") == "Merge" for node in nodes(plan))


def test_a_contact_that_moves_to_another_customer_is_missed_by_the_one_that_it_leaves(spread: Mirror) -> None:
    contact = spread.listed("customer_contacts")[0]
    phones = "select phone_numbers @> '[{{\"id\": {}}}]' or email_addresses @> '[{{\"id\": {}}}]' from st_customers "
    shown = phones.format(contact["id"], contact["id"]) + f"where st_id = {contact['customerId']}"
    assert spread.row(shown) == (True,)
    other = next(one["id"] for one in spread.listed("customers") if one["id"] != contact["customerId"])
    spread.source.set("customer_contacts", contact["id"], {"customerId": other})
    spread.sync()
    assert (spread.row(shown), spread.differences()) == ((False,), [])


def test_a_new_version_of_a_model_is_filled_by_the_sync_of_each_tenant(own_project: Mirror) -> None:
    warehouse = new_database(own_project.warehouse)
    with simulator(tenant_id="2") as another:
        mirrors = [
            Mirror(source, warehouse, own_project.root, {"distribution": "partitions"})
            for source in (own_project.source, another)
        ]
        for mirror in mirrors:
            mirror.sync()
        model = own_project.root / MODEL
        model.write_text(model.read_text().replace("{{ text('summary') }}", "'new'"))
        found = []
        for mirror in mirrors:
            mirror.sync()
            found.append(mirror.rows("select distinct tenant_id from st_jobs where summary = 'new' order by 1"))
    assert found == [[(1234567,)], [(2,), (1234567,)]]
    assert mirrors[0].row("select count(*) from raw_servicetitan.pending_loads") == (0,)


def test_a_table_that_cannot_be_filled_is_an_error_of_its_list_and_the_next_sync_fills_it(own_project: Mirror) -> None:
    mirror = Mirror(
        own_project.source, new_database(own_project.warehouse), own_project.root, {"distribution": "partitions"}
    )
    mirror.sync()
    model = own_project.root / MODEL
    good = model.read_text()
    model.write_text(good.replace("{{ text('summary') }}", "(1 / (length(doc ->> 'jobNumber') - 9))::text"))
    outcomes = mirror.sync()
    assert (outcomes["jobs"].status, outcomes["customers"].status) == ("failed", "completed")
    assert "st_jobs could not be built: PostgreSQL refused to build st_jobs: division by zero" in str(
        outcomes["jobs"].error
    )
    model.write_text(good)
    assert mirror.sync()["jobs"].status == "completed"
    assert (mirror.is_built("jobs"), mirror.differences()) == (True, [])


def test_a_database_stays_as_it_was_made_whatever_the_setting_says(spread: Mirror) -> None:
    spread.settings["distribution"] = None
    spread.source.touch("jobs")
    assert spread.sync()["jobs"].updated == 1
    spread.settings["distribution"] = "none"
    with pytest.raises(ConfigurationError, match="is none, but the tables of this database were made with partitions"):
        spread.sync()


def test_citus_is_asked_for_where_there_is_none(empty_mirror: Mirror) -> None:
    empty_mirror.settings["distribution"] = "citus"
    with pytest.raises(ConfigurationError, match="On the coordinator, in this database: create extension citus"):
        empty_mirror.sync()
    assert empty_mirror.rows("select from pg_class where relnamespace = to_regnamespace('raw_servicetitan')") == []


def test_the_setting_is_one_of_three(empty_mirror: Mirror) -> None:
    done = empty_mirror.command("sync", SOURCES__SERVICETITAN__DISTRIBUTION="shards")
    assert (done.returncode, "none or partitions or citus" in done.stderr) == (2, True)


def test_names_of_partitions_are_no_longer_than_postgresql_takes(embedded_18: Warehouse) -> None:
    names = [table for entity in (*STANDARD,) for table in (entity.name, entity.table)]
    assert max(len(f"{name}_7") for name in names) < 64


def test_a_table_that_was_lost_is_filled_by_a_rebuild(spread: Mirror) -> None:
    spread.rows("drop table st_jobs cascade")
    rebuilt = spread.command("rebuild", "jobs")
    assert (rebuilt.returncode, spread.is_built("jobs")) == (0, True), rebuilt.stderr
    assert spread.row("select relkind::text from pg_class where oid = 'st_jobs'::regclass") == ("p",)

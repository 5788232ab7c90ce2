"""What the tables of the optional lists promise, all in one database: of each a record of the specification's types."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Any, NamedTuple

import pytest

from dbt_support import RECORDS, TYPED, LandedDatabase, manifest, write_profile
from mirror import simulator
from servers import new_database
from servicetitan_mirror.entities import Entity
from servicetitan_mirror.postgres.warehouse import Warehouse
from servicetitan_mirror.reading.fields import ITEM, known_fields, steps
from test_dbt_models import conversions, empty_columns

# by the beginning of a type: a value, and the others of its kind
VALUES = {
    "int": 7,
    "decimal": 12.5,
    "double": 12.5,
    "boolean": True,
    "date-time": "2026-01-05T16:28:55.8446003Z",
    "date": "2026-01-05",
    "string(duration)": "1.00:01:35.5",
    "string": "12.50",  # money is a text in accounting
    "any": "12.50",
}
OTHER, MANY = 43, 50  # the tenant of the simulator's rows, and how many of a list are built
FAILURES = 'select module, "column", value, reason from st_sync_failures where healed_at is null'


class Build(NamedTuple):
    """A database with all tables, the failures of its build, and by list how many of the simulator's rows it held."""

    database: LandedDatabase
    failures: list[Any]
    simulated: dict[str, int]


@pytest.fixture(scope="module")
def first_build(embedded_18: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Of one record of each list, and of rows of the simulator, which are another tenant's and gone afterwards."""
    database = LandedDatabase(new_database(embedded_18), tmp_path_factory.mktemp("profiles"), TYPED)
    database.land_everything()
    with simulator() as source:
        for entity in TYPED:
            database.land(entity.name, specimen(known_fields(entity)) | {"id": 7})
            rows = json.loads(json.dumps(source.records(entity.name)[:MANY], default=float))
            database.land(entity.name, *({"id": n} | row for n, row in enumerate(rows)), tenant=OTHER)
    assert database.run() == []
    build = Build(database, database.sql(FAILURES), {entity.name: of_simulator(database, entity) for entity in TYPED})
    for entity in TYPED:
        database.sql(f"delete from {entity.table} where tenant_id = {OTHER}")
        database.sql(f"delete from raw_servicetitan.{entity.name} where tenant_id = {OTHER}")
    return build


def of_simulator(database: LandedDatabase, entity: Entity) -> int:
    return int(database.value(f"select count(*) from {entity.table} where tenant_id = {OTHER}"))


@pytest.fixture(scope="module")
def built(first_build: Build) -> LandedDatabase:
    """The database with one row in each table."""
    return first_build.database


@pytest.fixture
def database(built: LandedDatabase) -> Iterator[LandedDatabase]:
    """The built database; records with ids from 1000 on are taken away afterwards."""
    yield built
    for entity in TYPED:
        built.sql(f"delete from {entity.table} where st_id >= 1000")
        built.sql(f"delete from raw_servicetitan.{entity.name} where id >= 1000")
    built.sql("delete from raw_servicetitan.sync_failures")


def specimen(fields: dict[str, str]) -> dict[str, Any]:
    """A record with a value of its type in each field, and one item in each array."""
    record: dict[str, Any] = {}
    for path, type in fields.items():
        *parents, name = steps(path)
        place = reduce(lambda part, key: part[0 if key == ITEM else key], parents, record)
        place[name] = value(type)
    return record


def value(type: str) -> Any:
    """One of a type of the specification."""
    if type == "object":
        return {}
    if type.endswith(ITEM):
        return [{}]
    if type.startswith("array of "):
        return [value(type.removeprefix("array of "))]
    if type.startswith("enum("):
        return type.removeprefix("enum(").partition(",")[0].rstrip(")")
    return next(each for start, each in VALUES.items() if type.startswith(start))


def test_a_record_of_the_specifications_types_fills_every_column_without_a_failure(first_build: Build) -> None:
    assert first_build.failures == []
    empty = {entity.name: empty_columns(first_build.database, entity.name) for entity in TYPED}
    assert empty == {entity.name: set() for entity in TYPED}


def test_the_simulators_rows_are_converted_without_a_failure(first_build: Build) -> None:
    assert first_build.failures == []
    assert [name for name, rows in first_build.simulated.items() if not 0 < rows <= MANY] == []


def test_dbt_reads_no_folder_of_a_list_that_is_not_in_use(tmp_path_factory: pytest.TempPathFactory) -> None:
    profiles = write_profile(tmp_path_factory.mktemp("profiles"), "postgresql://nobody@localhost/nothing")
    read = {node.name for node in manifest(profiles, "calls").nodes.values() if node.resource_type == "model"}
    assert "st_jobs" in read
    assert read & {entity.table for entity in TYPED} == {"st_calls"}


def test_no_column_with_a_conversion_can_be_missed(database: LandedDatabase) -> None:
    expected = set()
    for entity in TYPED:
        record: dict[str, Any] = {"id": 1000}
        of_columns, anywhere = conversions(entity)
        assert anywhere == {path for _, path in of_columns}
        for (column, path), bad in of_columns.items():
            expected.add((entity.name, column))
            *parents, field = path.split(".")
            reduce(lambda part, key: part.setdefault(key, {}), parents, record)[field] = bad
        database.land(entity.name, record, load="2")
    assert database.run(*(entity.name for entity in TYPED)) == []
    assert {(module, column) for module, column, *_ in database.sql(FAILURES)} == expected
    kept = {entity.name: database.value(f"select count(*) from {entity.table} where st_id = 1000") for entity in TYPED}
    assert kept == {entity.name: 1 for entity in TYPED}


def test_a_wrong_value_is_null_and_stands_in_the_failures(database: LandedDatabase) -> None:
    call = {"direction": "Inbound", "duration": "a while", "receivedOn": "0001-01-01T00:00:00Z", "customer": "Mia"}
    database.land("calls", {"id": 1000, "leadCall": call}, load="2")
    assert database.run("calls") == []
    assert database.sql(
        "select direction, duration_seconds, received_on, customer_id, job_number from st_calls where st_id = 1000"
    ) == [("Inbound", None, None, None, None)]
    assert sorted(database.sql(FAILURES)) == [
        ("calls", "customer_id", "Mia", "its leadCall.customer is not an object"),
        ("calls", "customer_name", "Mia", "its leadCall.customer is not an object"),
        ("calls", "duration_seconds", "a while", "not a duration"),
    ]


DURATIONS = {
    "00:01:35": Decimal(95),
    "1:02:03.4567": Decimal("3723.4567"),
    "2.00:00:01": Decimal(172801),
    "-00:00:05.5000000": Decimal("-5.5"),
    " PT1H2M3.5S ": Decimal("3723.5"),
    "P1DT1S": Decimal(86401),
    "P9999999DT9999999H999999999M999999999S": Decimal("960999909939"),
    **dict.fromkeys(["", " ", "1:2", "00:60:00", "00:00:60", "1 hour", "P", "PT", "P1Y", "95", "99999999.00:00:00"]),
    **dict.fromkeys(["now", 95, True, "٠٠:٠١:٠٠", "00:00:01 x", "interval"]),
}


def test_a_duration_is_its_seconds_or_null(database: LandedDatabase) -> None:
    database.land(
        "non_job_appointments",
        *({"id": place, "duration": text} for place, text in enumerate(DURATIONS, 1000)),
        load="2",
    )
    assert database.run("non_job_appointments") == []
    found = database.sql("select duration_seconds from st_non_job_appointments where st_id >= 1000 order by st_id")
    assert dict(zip(DURATIONS, (seconds for (seconds,) in found), strict=True)) == DURATIONS


def test_an_item_of_an_order_is_a_row_with_the_orders_job(database: LandedDatabase) -> None:
    items = [{"id": 1, "skuId": 2, "quantity": 3, "cost": 1.25, "total": 3.75}, {"id": 2, "quantity": "odd"}, "odd"]
    order = {"id": 1000, "number": "PO-1", "jobId": 10, "date": "2026-01-05T00:00:00Z", "items": items}
    database.land("purchase_orders", order, {"id": 1001, "items": None}, load="2")
    assert database.run("purchase_orders") == []
    assert database.sql("""
        select order_number, order_date, job_id, item_id, sku_id, quantity, unit_cost, total_cost
        from v_purchase_order_items where purchase_order_id >= 1000 order by item_id
    """) == [
        ("PO-1", date(2026, 1, 5), 10, 1, 2, Decimal(3), Decimal("1.25"), Decimal("3.75")),
        ("PO-1", date(2026, 1, 5), 10, 2, None, None, None, None),
        ("PO-1", date(2026, 1, 5), 10, None, None, None, None, None),
    ]


def test_an_invoices_item_is_a_row_until_the_invoice_is_voided(built: LandedDatabase) -> None:
    account = {"id": 5, "number": "4000", "name": "Sales", "type": "Income"}
    item = {"id": 1, "type": "Service", "price": "12.50", "quantity": "2", "total": "25.00", "totalCost": "9.00"}
    invoice = RECORDS["invoices"] | {"items": [item | {"generalLedgerAccount": account}]}
    built.land("invoices", invoice | {"id": 1000}, invoice | {"id": 1001, "active": False}, load="2")
    assert built.run("invoices") == []
    assert built.sql("""
        select invoice_id, item_id, item_type, quantity, unit_price, total, total_cost, account_type, job_id
        from v_invoice_items where invoice_id >= 1000
    """) == [(1000, 1, "Service", Decimal(2), Decimal("12.5"), Decimal(25), Decimal(9), "Income", 10)]


def test_an_items_estimate_is_the_one_that_lists_it(database: LandedDatabase) -> None:
    database.land("estimate_items", {"id": 111, "total": 100, "sku": {"id": 3}}, {"id": 1000}, load="2")
    assert database.run("estimate_items") == []
    rows = database.sql("select item_id, estimate_id, job_id, sku_id, total from v_estimate_items order by item_id")
    assert rows[1:] == [(111, 11, 10, 3, Decimal(100)), (1000, None, None, None, None)]


def test_a_months_cost_is_that_of_its_days(database: LandedDatabase) -> None:
    months = [(2028, 2, 10), (2026, 12, 1.5), (2026, 13, 1), (0, 1, 1)]
    costs = [{"campaignId": 5, "year": year, "month": month, "dailyCost": cost} for year, month, cost in months]
    database.land("campaign_costs", *({"id": place} | cost for place, cost in enumerate(costs, 1000)), load="2")
    assert database.run("campaign_costs") == []
    assert database.sql("""
        select campaign_name, month_start, monthly_cost from v_campaign_costs where campaign_id = 5 order by 2, 3
    """) == [
        ("Spring mailer", date(2026, 12, 1), Decimal("46.5")),
        ("Spring mailer", date(2028, 2, 1), Decimal(290)),
        ("Spring mailer", None, None),
        ("Spring mailer", None, None),
    ]


def test_the_hours_on_a_job_are_those_between_its_times(database: LandedDatabase) -> None:
    times = {"dispatchedOn": "2026-01-05T15:30:00Z", "arrivedOn": "2026-01-05T16:00:00Z", "doneOn": None}
    done = times | {"jobId": 10, "technicianId": 2, "doneOn": "2026-01-05T18:15:00Z"}
    canceled = {"canceledOn": "2026-01-05T15:45:00Z"}
    database.land("job_timesheets", done | {"id": 1000}, done | canceled | {"id": 1001}, times | {"id": 1002}, load="2")
    assert database.run("job_timesheets") == []
    assert database.sql("""
        select job_timesheet_id, technician_name, job_type_id, driving_hours, working_hours
        from v_job_hours where job_timesheet_id >= 1000 order by 1
    """) == [(1000, "Ann Lee", 3, Decimal("0.5"), Decimal("2.25")), (1002, None, None, Decimal("0.5"), None)]


def test_an_event_of_a_job_is_a_row(database: LandedDatabase) -> None:
    events = [{"id": 1, "eventType": "Booked", "employeeId": 2}, {"id": 2, "eventType": "Done"}]
    database.land("job_history", {"id": 1000, "jobId": 10, "history": events}, load="2")
    assert database.run("job_history") == []
    rows = database.sql("select job_id, event_id, event_type, employee_id from v_job_history where job_id = 10")
    assert rows == [(10, 1, "Booked", 2), (10, 2, "Done", None)]


def test_an_id_of_nothing_is_a_warning_of_the_data_tests_and_no_failure(built: LandedDatabase) -> None:
    tested = built.dbt("test", "--select", "st_calls", "st_memberships")
    assert tested.success
    assert {node.status for node in tested.result} == {"warn"}

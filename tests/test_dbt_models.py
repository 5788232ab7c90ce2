"""What the st_ tables promise, on PostgreSQL 18 and on Debian's 15."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import reduce
from itertools import pairwise
from typing import Any

import pytest
from jinja2 import Environment
from jinja2.nodes import Call, Output, TemplateData

from dbt_support import COMPANIONS, RECORDS, TABLES, LandedDatabase, model
from servers import new_database
from servicetitan_mirror.entities import PUBLISHED, Entity


@pytest.fixture(scope="module", params=["embedded_18", "debian_15"])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> LandedDatabase:
    """A database whose tables have been built from one record of each entity."""
    warehouse = new_database(request.getfixturevalue(request.param))
    database = LandedDatabase(warehouse, tmp_path_factory.mktemp("profiles"))
    database.land_everything()
    assert database.run() == []
    database.save()
    return database


@pytest.fixture
def database(built: LandedDatabase) -> Iterator[LandedDatabase]:
    """The built database; what a test lands is taken away afterwards."""
    yield built
    built.restore()
    built.sql("delete from raw_servicetitan.sync_failures")


def test_a_first_build_makes_every_table_and_view(built: LandedDatabase) -> None:
    counts = {entity: built.value(f"select count(*) from public.st_{entity}") for entity in TABLES}
    assert counts == dict.fromkeys(TABLES, 1)
    assert built.sql(
        "select job_number, customer_name, customer_email, city, business_unit, balance from v_active_jobs"
    ) == [("J-10", "Mia Wong", "mia@home.example", "Burbank", "Plumbing", Decimal("25.5"))]
    assert built.sql("select estimate_number, total, customer_name from v_open_estimates") == [
        ("11", Decimal("107.25"), "Mia Wong")
    ]
    assert built.sql("select invoice_number, balance, payment_status from v_outstanding_invoices") == [
        ("INV-13", Decimal("25.5"), "Overdue")
    ]


def test_a_rich_record_fills_every_column(built: LandedDatabase) -> None:
    empty = {entity: empty_columns(built, entity) for entity in TABLES}
    assert empty == {entity: {"customers": {"phone"}, "locations": {"email"}}.get(entity, set()) for entity in TABLES}


def empty_columns(database: LandedDatabase, entity: str) -> set[str]:
    row = database.value(f"select to_jsonb(st) - 'deleted_at' from public.st_{entity} as st")
    return {column for column, value in row.items() if value is None}


def indexes(database: LandedDatabase, table: str) -> dict[str, str]:
    statement = "select indexname, indexdef from pg_indexes where schemaname = 'public' and tablename = %s"
    return {name.removeprefix(f"{table}_"): keys.split(" USING ")[1] for name, keys in database.sql(statement, table)}


INVOICES = {
    "pkey": "btree (tenant_id, st_id)",
    "st_id": "btree (st_id)",
    "invoice_number": "btree (invoice_number)",
    "job_id": "btree (job_id)",
    "customer_id": "btree (customer_id)",
    "status": "btree (status)",
    "balance": "btree (balance)",
    "due_date": "btree (due_date)",
    "invoice_date": "btree (invoice_date)",
}


def test_the_tables_have_the_keys_and_indexes_of_the_contract(built: LandedDatabase) -> None:
    assert indexes(built, "st_custom_fields") == {
        "pkey": "btree (tenant_id, entity_type, st_id)",
        "st_id": "btree (st_id)",
        "name": "btree (name)",
        "entity_type": "btree (entity_type)",
    }
    assert indexes(built, "st_appointments")["technician_ids"] == "gin (technician_ids)"
    assert indexes(built, "st_invoices") == INVOICES
    assert indexes(built, "st_jobs")["job_completion_time"] == "btree (job_completion_time)"
    assert indexes(built, "st_estimates")["sold_on"] == "btree (sold_on)"
    assert indexes(built, "st_locations")["latitude_longitude"] == (
        "btree (latitude, longitude) WHERE ((latitude IS NOT NULL) AND (longitude IS NOT NULL))"
    )


def test_an_older_databases_indexes_get_their_names_without_a_rewrite(database: LandedDatabase) -> None:
    database.sql("""
        alter index st_invoices_balance rename to "0123456789abcdef0123456789abcdef";
        create index "fedcba9876543210fedcba9876543210" on st_invoices (summary);
        create index on st_invoices (balance) where balance > 0;
        create index on st_invoices (total);
        drop index st_invoices_invoice_date;
        alter index st_locations_latitude_longitude rename to st_locations_latitude_longitude_idx
    """)
    files = "select 'st_invoices'::regclass::oid, pg_relation_filenode('st_invoices'), {}::regclass::oid"
    before = database.sql(files.format("'\"0123456789abcdef0123456789abcdef\"'"))
    assert database.run("invoices", "locations") == []
    assert database.sql(files.format("'st_invoices_balance'")) == before
    assert indexes(database, "st_invoices") == INVOICES | {"total_idx": "btree (total)"}
    assert "latitude_longitude" in indexes(database, "st_locations")
    database.sql("drop index st_invoices_total_idx")


def test_a_column_of_an_older_type_changes_under_the_views_that_read_it(database: LandedDatabase) -> None:
    database.sql("""
        alter table st_payments alter column type_id type bigint using type_id::bigint;
        create schema mine;
        create view mine.types with (security_barrier = true) as select st_id, type_id from st_payments;
        comment on column mine.types.type_id is 'what kind';
        grant select on mine.types to public;
        create materialized view mine.kinds as select distinct type_id from mine.types;
        create index by_type on mine.kinds (type_id);
    """)
    database.land("payments", RECORDS["payments"] | {"id": 100, "typeId": "visa-1"}, load="2")
    assert database.run("payments") == []
    assert database.sql("select type_id from mine.types order by st_id") == [("144",), ("visa-1",)]
    assert database.sql("select type_id, pg_typeof(type_id)::text from mine.kinds") == [("144", "text")]
    assert database.sql("""
        select col_description('mine.types'::regclass, 2), reloptions, has_table_privilege('public', oid, 'select'),
            to_regclass('mine.by_type') is not null
        from pg_class where oid = 'mine.types'::regclass
    """) == [("what kind", ["security_barrier=true"], True, True)]
    database.sql("""
        delete from st_payments where st_id = 100; drop schema mine cascade;
        alter table st_payments alter column type_id type bigint using type_id::bigint;
        create schema mine; create view mine.sums as select sum(type_id) from st_payments
    """)
    [failure] = database.run("payments")
    assert "type_id is text now, and the view mine.sums cannot be made again: function sum(text)" in failure
    assert database.sql("select sum from mine.sums") == [(144,)]
    database.sql("drop schema mine cascade")
    assert database.run("payments") == []


def test_every_column_has_its_description_in_the_database(built: LandedDatabase) -> None:
    silent = built.sql(
        "select attrelid::regclass::text, attname from pg_attribute where attnum > 0 and attrelid in ("
        "select oid from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v'))"
        " and col_description(attrelid, attnum) is null"
    )
    assert silent == []


def test_a_run_with_nothing_pending_writes_nothing(built: LandedDatabase) -> None:
    versions = "select array_agg(xmin::text) from public.st_{0} union all select array_agg(xmin::text) from pg_proc"
    before = [built.sql(versions.format(entity)) for entity in TABLES]
    assert built.run() == []
    assert [built.sql(versions.format(entity)) for entity in TABLES] == before


def test_a_run_writes_only_the_pending_rows(database: LandedDatabase) -> None:
    database.land("customers", RECORDS["customers"] | {"id": 80, "name": "New"}, load="2")
    database.sql('update raw_servicetitan.customers set record = record || \'{"name": "unseen"}\' where id = 8')
    assert database.run("customers") == []
    assert database.sql("select st_id, name from st_customers order by st_id") == [(8, "Mia Wong"), (80, "New")]


def test_a_thousand_pending_loads_are_written_as_one_is(database: LandedDatabase) -> None:
    for load in range(1000):
        database.land("customers", load=f"2.{load}")
    database.land("customers", RECORDS["customers"] | {"name": "Mia Chen"}, load="2.7")
    assert database.run("customers") == []
    assert database.sql("select name from st_customers") == [("Mia Chen",)]


def test_a_custom_field_of_another_owner_is_another_row(database: LandedDatabase) -> None:
    database.land("custom_fields", RECORDS["custom_fields"] | {"name": "Lot"}, load="2", owner="jobs")
    assert database.run("custom_fields") == []
    assert database.sql("select entity_type, name from st_custom_fields order by 1") == [
        ("customers", "Gate code"),
        ("jobs", "Lot"),
    ]


def test_a_changed_contact_updates_its_customer(database: LandedDatabase) -> None:
    database.land(
        "customer_contacts", {"id": 19, "customerId": 8, "type": "MobilePhone", "value": "555-0119"}, load="2"
    )
    database.land("customer_contacts", {"id": 20, "customerId": 8, "type": "Fax", "value": "555-0120"}, load="2")
    assert database.run("customers") == []
    assert database.sql("select phone, email, phone_numbers, email_addresses from st_customers") == [
        (
            "555-0119",
            "mia@home.example",
            [
                {"id": 19, "type": "MobilePhone", "number": "555-0119", "memo": None},
                {"id": 20, "type": "Fax", "number": "555-0120", "memo": None},
            ],
            [{"id": 16, "type": "Email", "address": "mia@home.example", "memo": "Owner"}],
        )
    ]


def test_a_companion_reaches_its_parent_however_the_id_is_written(database: LandedDatabase) -> None:
    written = [8, "8", 8.0, "8.0", " 8 ", "0.8e1"]
    contact = {"type": "Email", "value": "m@home.example"}
    database.land(
        "customer_contacts",
        *(contact | {"id": place, "customerId": value} for place, value in enumerate(written, 100)),
        contact | {"id": 200, "customerId": "8" * 6000},
        contact | {"id": 201, "customerId": "8x"},
        load="2",
    )
    assignment = RECORDS["appointment_assignments"]
    database.land(
        "appointment_assignments", assignment | {"id": 100, "appointmentId": 12.0, "technicianId": "7"}, load="2"
    )
    payment = {"id": 100, "appliedTo": [{"appliedTo": 13}, {"appliedTo": 13.0}, {"appliedTo": "13"}]}
    database.land("payments", payment, load="2")
    assert database.run("customers", "appointments", "payments") == []
    [(addresses,)] = database.sql("select email_addresses from st_customers")
    assert [address["id"] for address in addresses] == [16, 100, 101, 102, 103, 104, 105]
    assert database.value("select technician_ids from st_appointments") == [2, 7]
    assert database.value("select invoice_id from st_payments where st_id = 100") == 13
    assert database.sql('select module, st_id, "column", length(value), reason from st_sync_failures order by 2') == [
        ("customer_contacts", 200, "customerId", 200, "not a 64-bit integer"),
        ("customer_contacts", 201, "customerId", 2, "not a 64-bit integer"),
    ]
    database.land("customers", RECORDS["customers"] | {"id": 80}, load="3")
    database.land("customer_contacts", *(contact | {"id": place, "customerId": 80} for place in (102, 201)), load="3")
    assert database.run("customers") == []
    assert database.sql("select st_id, jsonb_array_length(email_addresses) from st_customers order by 1") == [
        (8, 6),
        (80, 2),
    ]
    assert database.sql("select st_id from st_sync_failures where healed_at is not null") == [(201,)]


def test_a_tag_is_found_however_its_id_is_written(database: LandedDatabase) -> None:
    database.land("jobs", *({"id": place, "tagTypeIds": [tag]} for place, tag in enumerate([6.0, "6"], 100)), load="2")
    assert database.run("jobs") == []
    database.land("tag_types", RECORDS["tag_types"] | {"name": "Gold"}, load="3")
    assert database.run("jobs") == []
    assert (
        database.sql("select tag_type_ids, tags from st_jobs where st_id >= 100")
        == [([6], [{"id": 6, "name": "Gold"}])] * 2
    )


def test_a_blank_contact_never_beats_a_real_one(database: LandedDatabase) -> None:
    blanks = {10: " ", 11: "\t\n", 12: "\u00a0\u2003", 13: "", 14: None}
    contact = {"customerId": 8, "type": "Email"}
    database.land(
        "customer_contacts", *(contact | {"id": key, "value": text} for key, text in blanks.items()), load="2"
    )
    database.land("customer_contacts", contact | {"id": 15, "value": "\u00a0vera@work.example \v"}, load="2")
    database.land("customer_contacts", contact | {"id": 9, "type": "Phone", "value": " "}, load="2")
    database.land("technicians", RECORDS["technicians"] | {"payrollId": " "}, load="2")
    assert database.run("customers", "technicians") == []
    assert database.sql("select email, phone, email_addresses -> 0 ->> 'address' from st_customers") == [
        ("vera@work.example", None, None)
    ]
    assert database.value("select employee_id from st_technicians") == "202"


@pytest.mark.parametrize("gone", ["deleted", "inactive"])
def test_a_contact_that_is_gone_leaves_its_location(database: LandedDatabase, gone: str) -> None:
    contact = RECORDS["location_contacts"] | {"active": gone != "inactive"}
    database.land("location_contacts", contact, load="2", deleted=gone == "deleted")
    assert database.run("locations") == []
    assert database.sql("select phone, phone_numbers from st_locations") == [(None, [])]


def test_a_removed_assignment_leaves_technician_ids(database: LandedDatabase) -> None:
    database.land(
        "appointment_assignments", RECORDS["appointment_assignments"] | {"id": 21, "technicianId": 7}, load="2"
    )
    assert database.run("appointments") == []
    assert database.value("select technician_ids from st_appointments") == [2, 7]
    database.land("appointment_assignments", RECORDS["appointment_assignments"] | {"active": False}, load="3")
    assert database.run("appointments") == []
    assert database.value("select technician_ids from st_appointments") == [7]


def test_a_renamed_tag_type_renames_the_tag_wherever_it_is_carried(database: LandedDatabase) -> None:
    database.land("tag_types", RECORDS["tag_types"] | {"name": "Gold"}, load="2")
    tables = ["business_units", "job_types", "customers", "locations", "jobs"]
    assert database.run(*tables) == []
    assert {database.value(f"select tags -> 0 ->> 'name' from st_{table}") for table in tables} == {"Gold"}


def test_a_deleted_record_is_marked_and_comes_back(database: LandedDatabase) -> None:
    database.land("jobs", RECORDS["jobs"], load="2", deleted=True)
    assert database.run("jobs") == []
    assert database.sql("select deleted_at is not null from st_jobs") == [(True,)]
    assert database.sql("select * from v_active_jobs") == []
    database.land("jobs", RECORDS["jobs"], load="3")
    assert database.run("jobs") == []
    assert database.sql("select deleted_at from st_jobs") == [(None,)]


def test_the_first_sync_time_stays_and_the_last_moves(database: LandedDatabase) -> None:
    times = "select local_created_at, local_synced_at from st_campaigns"
    [(created, synced)] = database.sql(times)
    database.land("campaigns", RECORDS["campaigns"], load="2")
    assert database.run("campaigns") == []
    [(created_again, synced_again)] = database.sql(times)
    assert created_again == created
    assert synced_again > synced


INSTANTS = {
    "2026-01-02T16:28:55.8446003Z": datetime(2026, 1, 2, 16, 28, 55, 844600, timezone.utc),
    "2026-01-02T16:28:55Z": datetime(2026, 1, 2, 16, 28, 55, 0, timezone.utc),
    "2026-01-02T16:28:55": datetime(2026, 1, 2, 16, 28, 55, 0, timezone.utc),
    "2026-01-02T16:28:55.5": datetime(2026, 1, 2, 16, 28, 55, 500000, timezone.utc),
    "2026-01-02": datetime(2026, 1, 2, 0, 0, 0, 0, timezone.utc),
    "2026-01-02T16:28:55+02:00": datetime(2026, 1, 2, 14, 28, 55, 0, timezone.utc),
    "1969-07-20T20:17:40Z": datetime(1969, 7, 20, 20, 17, 40, 0, timezone.utc),
    "2028-02-29T00:00:00Z": datetime(2028, 2, 29, 0, 0, 0, 0, timezone.utc),
    "9999-12-31T23:59:59.9999999Z": datetime(9999, 12, 31, 23, 59, 59, 999999, timezone.utc),
    **dict.fromkeys(
        [
            "0001-01-01T00:00:00Z",
            "0001-01-01T00:00:00",
            "99999-01-01T00:00:00Z",
            "2026-02-30T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-01-02T25:00:00Z",
            "now",
            "today",
            "infinity",
            "-infinity",
            "epoch",
            "yesterday",
            "",
            " ",
            "2026",
            "Z",
            "null",
            1767369600,
            True,
            "2026-01-02T16:28:55+99:00",
            "2026-01-02T16:28:55 Mars",
            "2026-01-02T16:28:55 America/New_York",
            "2026-01-02T16:28:55 PSTZ",
            "2026-01-02T24:00:00Z",
            "2026-01-02T23:59:60Z",
            "2026-01-02T16:28:55.Z",
            "2026-01-02T.6:28:5.Z",
            "2---01-02T16:28:55Z",
            "2026- 1- 2T16:28:55Z",
            "٢٠٢٦-01-02T16:28:55Z",
            "2026-1-2",
            "2026-01-02 BC",
            "10000-01-01T00:00:00Z",
            "2026-01-02T16",
        ]
    ),
}
DATES = {
    "2026-01-02T00:00:00Z": date(2026, 1, 2),
    "2026-01-02T23:59:59-08:00": date(2026, 1, 2),
    "2026-01-02": date(2026, 1, 2),
    " 2026-01-02\n": date(2026, 1, 2),
    "1999-12-31T00:00:00": date(1999, 12, 31),
    "2028-02-29T00:00:00Z": date(2028, 2, 29),
    **dict.fromkeys(
        [
            "0001-01-01T00:00:00Z",
            "2026-02-30T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "20260102",
            "today",
            "infinity",
            "epoch",
            "",
            "2026-01-0x",
            "2026-01-02junk",
            "2---01-02T00:00:00Z",
            "2026-01-02T24:00:00Z",
            "2026-01-02Tnoon",
            "10000-01-01T00:00:00Z",
        ]
    ),
}
NUMBERS = {
    12: Decimal(12),
    "12.50": Decimal("12.5"),
    "1.0000000000000000000": Decimal(1),
    25.17: Decimal("25.17"),
    "-3": Decimal(-3),
    "1.25e2": Decimal(125),
    1e3: Decimal(1000),
    1e-9: Decimal(0),
    "99999999999999.9999": Decimal("99999999999999.9999"),
    " 7 ": Decimal(7),
    "\t7.50\n": Decimal("7.5"),
    "-0.00": Decimal(0),
    "1E-2": Decimal("0.01"),
    **dict.fromkeys([1e300, "1e400", "99999999999999.99995", 10**14, "$5", "1,000", True, "1e99999999999", "1e-20000"]),
    **dict.fromkeys(["NaN", "nan", "-nan", "Infinity", "inf", "-Infinity", "", " ", "\u00a07"]),
    **dict.fromkeys(["0x1F", "0o17", "0b1", "1_000", "+5", "007", ".5", "5.", "١٢", "1 2", "--1", "1e", "1e1.5", "e1"]),
}
BIGINTS = {
    7: 7,
    "8": 8,
    "12.0": 12,
    9223372036854775807: 9223372036854775807,
    -9223372036854775808: -9223372036854775808,
    "1.23e2": 123,
    "1230e-1": 123,
    " 9 ": 9,
    "-0": 0,
    "9223372036854775807.000": 9223372036854775807,
    **dict.fromkeys([9223372036854775808, 12.7, 1e300, "abc", "", "1e400", True, "7 or 8", "1e9999999", "12.5e0"]),
    **dict.fromkeys(["0x1F", "0o17", "0b1", "1_000", "+5", "007", "5.", "١٢", "1 2", "NaN", "Infinity", "9" * 6000]),
}


@pytest.mark.parametrize(
    ("field", "column", "values"),
    [
        ("completedOn", "job_completion_time", INSTANTS),
        ("total", "invoice_total", NUMBERS),
        ("invoiceId", "invoice_id", BIGINTS),
    ],
)
def test_a_value_is_converted_or_null(
    database: LandedDatabase, field: str, column: str, values: dict[Any, Any]
) -> None:
    database.sql("alter role current_user set timezone to 'America/Los_Angeles'")
    database.land("jobs", *({"id": place, field: value} for place, value in enumerate(values, 100)), load="2")
    assert database.run("jobs") == []
    database.sql("alter role current_user reset timezone; set timezone to 'UTC'")
    found = database.sql(f"select {column} from st_jobs where st_id >= 100 order by st_id")
    assert dict(zip(values, (value for (value,) in found), strict=True)) == values
    lost = [place for place, (text, value) in enumerate(values.items(), 100) if value is None and says_something(text)]
    assert database.sql('select st_id from st_sync_failures where "column" = %s order by 1', column) == [
        (place,) for place in lost
    ]


def says_something(value: Any) -> bool:
    return str(value).strip(" \t\n\r") != "" and not str(value).startswith("0001-01-01")


def test_a_business_date_is_the_date_as_written_in_every_time_zone(database: LandedDatabase) -> None:
    database.sql("alter role current_user set timezone to 'America/Los_Angeles'")
    database.land("invoices", *({"id": place, "dueDate": value} for place, value in enumerate(DATES, 100)), load="2")
    assert database.run("invoices") == []
    database.sql("alter role current_user reset timezone")
    found = database.sql("select due_date from st_invoices where st_id >= 100 order by st_id")
    assert dict(zip(DATES, (value for (value,) in found), strict=True)) == DATES


HOSTILE = [
    None,
    True,
    "",
    " ",
    "abc",
    "\u2028é💧",
    "2026-02-30T00:00:00Z",
    "99999-01-01",
    12.7,
    -1,
    1e300,
    10**30,
    "1e400",
    "NaN",
    [],
    {},
    [None, 1, "2", "x", 1.5, {"id": 1}, [3]],
    {"id": "x", "name": {"name": []}},
    [{"id": None}],
    "[]",
    "{}",
]


def hostile_records(entity: str) -> list[dict[str, Any]]:
    """The rich record with each field, nested ones too, replaced by each hostile value, and without the field."""
    rich = RECORDS[entity]
    variants: list[dict[str, Any]] = [{}, dict.fromkeys(rich)]
    for field, value in rich.items():
        if field != "id":
            variants += [rich | {field: bad} for bad in HOSTILE] + [{key: rich[key] for key in rich if key != field}]
        for inner in value if isinstance(value, dict) else []:
            for bad in HOSTILE:
                variants.append(deepcopy(rich))
                variants[-1][field][inner] = bad
    return [variant | {"id": number} for number, variant in enumerate(variants, 1000)]


def test_hostile_values_never_stop_a_table(database: LandedDatabase) -> None:
    hostile = {entity: hostile_records(entity) for entity in TABLES}
    for entity, records in hostile.items():
        database.land(entity, *records, load="2")
    for companion, parent in COMPANIONS.items():
        database.land(
            companion, *(record | {parent: record.get(parent, 8)} for record in hostile_records(companion)), load="2"
        )
    assert database.run() == []
    counts = {entity: database.value(f"select count(*) from st_{entity} where st_id >= 1000") for entity in TABLES}
    assert counts == {entity: len(records) for entity, records in hostile.items()}


def test_no_column_with_a_conversion_can_be_missed(database: LandedDatabase) -> None:
    expected = set()
    for entity in PUBLISHED:
        record: dict[str, Any] = {"id": 1000}
        of_columns, anywhere = conversions(entity)
        assert anywhere <= {path for _, path in of_columns}  # so that a column of its own shows what was lost
        for (column, path), bad in of_columns.items():
            expected.add((entity.name, column))
            *parents, field = path.split(".")
            reduce(lambda part, key: part.setdefault(key, {}), parents, record)[field] = bad
        database.land(entity.name, record, load="2")
    assert database.run() == []
    assert set(database.sql('select module, "column" from raw_servicetitan.sync_failures')) == expected


def conversions(entity: Entity) -> tuple[dict[tuple[str, str], Any], set[str]]:
    """By column and path what cannot be converted, and all paths that are read, as Jinja parses the model's SQL."""
    parts = Environment(extensions=["jinja2.ext.do"]).parse(model(entity).read_text()).body
    outputs = [part for output in parts if isinstance(output, Output) for part in output.nodes]
    columns, anywhere = {}, set[str]()
    for part, after in pairwise([*outputs, TemplateData("")]):
        for call in [part, *part.find_all(Call)] if isinstance(part, Call) else []:
            name = getattr(call.node, "name", "")
            values = [value.as_const() for value in call.args] if name in BAD else []
            if values and not str(values[-1]).startswith("part"):  # which is of a companion, or of an item
                anywhere.add(values[0])
                named = re.match(r" as (\w+)", getattr(after, "data", ""))
                if named and call is part:
                    columns[named[1], values[0]] = [1] if values[1:] == ["{}"] else BAD[name]
    return columns, anywhere


BAD = {"text": {"a": 1}, "label": {"a": 1}, "json": {"a": 1}, "bigints": ["odd"]}
BAD |= dict.fromkeys(("bigint", "number", "flag", "instant", "business_date", "seconds"), "odd")


def test_elements_that_are_no_ids_are_skipped(database: LandedDatabase) -> None:
    database.land(
        "jobs",
        {"id": 100, "tagTypeIds": [6, "7", None, "x", 1.5, [8], {"id": 9}]},
        {"id": 101, "tagTypeIds": []},
        load="2",
    )
    database.land("jobs", {"id": 102, "tagTypeIds": None}, {"id": 103, "tagTypeIds": "6"}, load="2")
    assert database.run("jobs") == []
    assert database.sql("select tag_type_ids, tags from st_jobs where st_id >= 100 order by st_id") == [
        ([6, 7], [{"id": 6, "name": "VIP"}, {"id": 7, "name": None}]),
        ([], []),
        (None, []),
        (None, []),
    ]


def test_an_invoice_has_the_status_of_its_balance(database: LandedDatabase) -> None:
    amounts = {
        "Void": {"active": False},
        "Credit": {"balance": "-1"},
        "Paid": {"balance": "0.00"},
        "Partial": {"balance": "1"},
        "Open": {"balance": "125.50"},
    }
    database.land(
        "invoices",
        *(RECORDS["invoices"] | change | {"id": place} for place, change in enumerate(amounts.values(), 100)),
        load="2",
    )
    assert database.run("invoices") == []
    assert database.sql("select status from st_invoices where st_id >= 100 order by st_id") == [
        (status,) for status in amounts
    ]


def test_what_is_overdue_is_judged_by_the_day_of_the_databases_time_zone(database: LandedDatabase) -> None:
    [(name, ahead)] = database.sql("select current_database(), (now() at time zone 'Pacific/Kiritimati')::date")
    dues = [ahead - timedelta(days=1), ahead + timedelta(days=5), ahead + timedelta(days=30), None]
    invoice = RECORDS["invoices"]
    database.land(
        "invoices", *(invoice | {"id": key, "dueDate": str(due or "")} for key, due in enumerate(dues, 100)), load="2"
    )
    assert database.run("invoices") == []
    states = (
        "select payment_status, days_overdue from v_outstanding_invoices where invoice_id >= 100 order by invoice_id"
    )
    there = [("Overdue", 1), ("Due Soon", 0), ("Current", 0), ("No due date", None)]
    database.sql("set timezone to 'Pacific/Midway'")  # where it is yesterday, or the day before
    assert database.sql(states)[0] == ("Due Soon", 0)
    database.sql(f"alter database {name} set timezone to 'Pacific/Kiritimati'")
    assert database.sql(states) == there
    database.sql("set servicetitan.time_zone to 'Pacific/Midway'")
    assert database.sql(states)[0] == ("Due Soon", 0)
    database.sql("set servicetitan.time_zone to 'Mars/Base'")
    assert database.sql(states) == there
    database.sql(f"alter database {name} reset timezone; reset servicetitan.time_zone; reset timezone")
    assert database.sql("select business_unit, business_unit_id, invoice_date from v_outstanding_invoices limit 1") == [
        ("Plumbing", 1, date(2026, 1, 5))
    ]


def test_analysts_see_what_could_not_land(built: LandedDatabase) -> None:
    built.sql("""
        insert into raw_servicetitan.rejected_records (tenant_id, entity, fingerprint, reason, record, id)
        values (42, 'jobs', 'f', 'id is not a whole number', '{"id": "x"}', 'x')
    """)
    built.sql("grant usage on schema public to servicetitan_analyst; set role servicetitan_analyst")
    assert built.sql("select module, id, reason, record, healed_at from st_rejected_records") == [
        ("jobs", "x", "id is not a whole number", '{"id": "x"}', None)
    ]
    assert built.sql("select count(*) from v_outstanding_invoices where payment_status <> ''") == [(1,)]
    built.sql("reset role; delete from raw_servicetitan.rejected_records")


def test_a_payment_of_several_invoices_names_none(database: LandedDatabase) -> None:
    applied = [[{"appliedTo": 13}, {"appliedTo": 13}], [{"appliedTo": 13}, {"appliedTo": 14}], []]
    database.land(
        "payments", *({"id": place, "appliedTo": parts} for place, parts in enumerate(applied, 100)), load="2"
    )
    assert database.run("payments") == []
    assert database.sql("select invoice_id from st_payments where st_id >= 100 order by st_id") == [
        (13,),
        (None,),
        (None,),
    ]


def test_an_analysts_view_survives_the_next_run(database: LandedDatabase) -> None:
    database.sql(
        "create schema if not exists mine; create or replace view mine.names as select name from public.st_customers;"
        "create or replace view mine.jobs as select job_number from public.v_active_jobs"
    )
    database.land("customers", RECORDS["customers"] | {"name": "Mia Chen"}, load="2")
    assert database.run() == []
    assert database.dbt("run", "--full-refresh", "--select", "st_customers").success
    assert database.sql("select name, job_number from mine.names, mine.jobs") == [("Mia Chen", "J-10")]
    database.sql("drop schema mine cascade")


def test_the_log_shows_the_pipelines_rows(built: LandedDatabase) -> None:
    built.sql(
        "insert into raw_servicetitan.sync_log"
        " (id, run_id, tenant_id, module, sync_type, status, started_at, triggered_by)"
        " values (gen_random_uuid(), gen_random_uuid(), 42, 'jobs', 'full', 'started', now(), 'manual')"
    )
    assert built.sql("select module, status, records_fetched, completed_at from st_sync_log") == [
        ("jobs", "started", 0, None)
    ]


def test_a_build_with_its_data_tests_is_green_on_good_data(built: LandedDatabase) -> None:
    result = built.dbt("build")
    assert result.success


def test_the_planner_looks_into_the_conversions_and_knows_what_is_pending(built: LandedDatabase) -> None:
    plan = built.sql("""
        explain (verbose, costs off)
        select raw_servicetitan.to_bigint(error_message), raw_servicetitan.to_numeric(error_message, 18, 4),
            raw_servicetitan.to_numeric(error_message, 11, 8), raw_servicetitan.to_timestamptz(error_message),
            raw_servicetitan.to_date(error_message)
        from raw_servicetitan.sync_log where raw_servicetitan.pending(module) is null""")
    assert "raw_servicetitan.to_" not in str(plan)
    assert str(plan).count("pg_input_is_valid") == (5 if built.connection.server_version >= 16_00_00 else 0)
    assert "Result" in str(
        built.sql("explain select from raw_servicetitan.jobs where raw_servicetitan.pending('x') is not null")
    )

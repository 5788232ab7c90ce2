"""One sync after the other: what the mirror holds is what the source lists."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from mirror import Mirror
from servers import new_database
from servicetitan_mirror.entities import LISTS, PUBLISHED
from servicetitan_mirror.postgres.warehouse import Warehouse
from servicetitan_simulator import Simulator

TABLES = [entity.name for entity in PUBLISHED]


@pytest.fixture(params=["embedded_18", "debian_15"])
def server(request: pytest.FixtureRequest) -> Warehouse:
    return request.getfixturevalue(request.param)


def test_the_first_sync_mirrors_every_record_with_every_digit(server: Warehouse, source: Simulator, root: Path) -> None:
    mirror = Mirror(source, new_database(server), root)
    outcomes = mirror.sync()
    assert mirror.differences() == []
    assert {outcome.status for outcome in outcomes.values()} == {"completed"}
    assert {outcome.sync_type for outcome in outcomes.values()} == {"full"}


def test_every_table_holds_what_the_source_lists(mirror: Mirror) -> None:
    counts = mirror.source.counts()
    tables = {name: mirror.row(f"select count(*) from st_{name}")[0] for name in TABLES}
    assert tables == {name: counts[name]["all"] for name in TABLES}


def test_every_customer_with_an_email_contact_has_an_email(mirror: Mirror) -> None:
    contacts = mirror.listed("customer_contacts")
    expected = sorted({contact["customerId"] for contact in contacts if contact["type"] == "Email"})
    assert expected
    assert mirror.rows("select st_id from st_customers where email is not null order by 1") == [(i,) for i in expected]


def test_every_appointment_knows_the_technicians_assigned_to_it(mirror: Mirror) -> None:
    crews: dict[int, set[int]] = {}
    for assignment in mirror.listed("appointment_assignments"):
        if assignment["active"]:
            crews.setdefault(assignment["appointmentId"], set()).add(assignment["technicianId"])
    rows = mirror.rows("select st_id, technician_ids from st_appointments where technician_ids <> '{}'")
    assert {appointment: set(technicians) for appointment, technicians in rows} == crews


def test_the_next_sync_reads_only_what_changed(mirror: Mirror) -> None:
    (job,) = mirror.source.touch("jobs")
    outcomes = mirror.sync()
    assert {name: outcome.fetched for name, outcome in outcomes.items() if outcome.fetched} == {
        "jobs": 1,
        "custom_fields": 2,
    }
    assert mirror.differences() == []
    assert mirror.row(f"select local_synced_at > local_created_at from st_jobs where st_id = {job}") == (True,)


def test_a_sync_without_changes_asks_each_list_once_and_for_one_token(mirror: Mirror) -> None:
    mirror.source.reset_calls()
    mirror.sync()
    calls = mirror.source.calls()
    assert (calls["total"], calls["tokens"]) == (len(LISTS), 1)


def test_a_changed_contact_updates_its_customer(mirror: Mirror) -> None:
    customer, contact = mirror.row("""
        select (record ->> 'customerId')::bigint, id from raw_servicetitan.customer_contacts
        where record ->> 'type' = 'Email' order by id limit 1""")
    mirror.source.set("customer_contacts", contact, {"value": "new@example.com"})
    mirror.sync()
    assert mirror.row(f"select email from st_customers where st_id = {customer}") == ("new@example.com",)


def test_a_contact_that_moves_leaves_its_former_customer(mirror: Mirror) -> None:
    former, other, contact = mirror.row("""
        select st_id, (select max(st_id) from st_customers), (email_addresses -> 0 ->> 'id')::bigint
        from st_customers where email is not null order by st_id limit 1""")
    mirror.source.set("customer_contacts", contact, {"customerId": other})
    mirror.sync()
    holders = f"""select array_agg(st_id) from st_customers where email_addresses @> '[{{"id": {contact}}}]'"""
    assert (mirror.row(holders), former == other) == (([other],), False)


def test_only_the_chosen_entities_are_read_with_their_companions(mirror: Mirror) -> None:
    assert list(mirror.sync(only=("customers", "jobs"))) == ["customers", "customer_contacts", "jobs"]


def test_a_full_sync_marks_what_is_gone_and_a_return_unmarks_it(mirror: Mirror) -> None:
    (job,) = mirror.source.delete("jobs")
    assert mirror.sync(full=True)["jobs"].deleted == 1
    assert mirror.row(f"select deleted_at is not null from st_jobs where st_id = {job}") == (True,)
    mirror.source.set("jobs", job, {"jobNumber": "back"})
    mirror.sync()
    assert mirror.row(f"select deleted_at, job_number from st_jobs where st_id = {job}") == (None, "back")


def test_a_full_sync_of_an_unchanged_tenant_writes_no_row(mirror: Mirror) -> None:
    mirror.sync(full=True)
    written = mirror.rows(f"""
        select relname from pg_stat_user_tables where n_tup_upd + n_tup_del > 0 and relname = any(array{TABLES})
        or n_tup_upd + n_tup_del > 0 and relname = any(array{[f"st_{name}" for name in TABLES]})""")
    assert written == []


def test_the_log_counts_what_the_source_was_told_to_do(mirror: Mirror) -> None:
    mirror.source.touch("customers", count=3)
    mirror.source.add("campaigns", count=2)
    mirror.sync()
    rows = mirror.rows("""
        select module, records_fetched, records_created, records_updated, records_unchanged from st_sync_log
        where sync_type = 'incremental' and records_created + records_updated > 0 order by 1""")
    assert rows == [("campaigns", 2, 2, 0, 0), ("customers", 3, 0, 3, 0)]


def test_since_reads_changes_from_an_instant_on_and_moves_no_cursor_over_a_gap(mirror: Mirror) -> None:
    before = mirror.rows("select list, cursor from raw_servicetitan.sync_cursors order by 1")
    mirror.sync(since=datetime.now(timezone.utc) + timedelta(hours=1), only=("customers",))
    assert mirror.rows("select list, cursor from raw_servicetitan.sync_cursors order by 1") == before


def test_a_full_read_that_is_due_is_done_by_whatever_sync_comes_next(mirror: Mirror) -> None:
    mirror.rows("""
        update raw_servicetitan.sync_cursors set full_synced_at = now() - interval '25 hours' where list = 'jobs'""")
    (job,) = mirror.source.delete("jobs")
    mirror.settings["full_every"] = "never"
    assert mirror.sync()["jobs"].sync_type == "incremental"
    mirror.settings["full_every"] = "24h"
    outcomes = mirror.sync(triggered_by="scheduled")
    assert [name for name, outcome in outcomes.items() if outcome.sync_type == "full"] == ["jobs"]
    assert mirror.rows("select st_id from st_jobs where deleted_at is not null") == [(job,)]
    assert mirror.sync()["jobs"].sync_type == "incremental"

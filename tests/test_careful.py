"""What PostgreSQL refuses costs the record, else the list; and no list waits for another."""

from __future__ import annotations

import threading
from contextlib import closing

from mirror import Mirror
from servicetitan_mirror.entities import STANDARD
from servicetitan_mirror.postgres.warehouse import query, transaction

REJECTED = "select entity, id, reason from raw_servicetitan.rejected_records where healed_at is null order by 1"
POISON = {  # beyond PostgreSQL's limits: a number's exponent, its scale, its digits
    "customers": '"balance": 1e140000',
    "jobs": '"total": 1e-20000',
    "invoices": f'"balance": {"9" * 200_000}',
}


def test_a_record_that_postgresql_refuses_is_rejected_alone_and_lands_when_it_is_mended(mirror: Mirror) -> None:
    records = {name: mirror.listed(name)[2]["id"] for name in POISON}
    mirror.source.touch("locations", count=2)
    contact = mirror.listed("customer_contacts")[0]["id"]
    mirror.source.set("customer_contacts", contact, {"customerId": "1" * 6_000})  # more than an index takes
    for name, field in POISON.items():
        mirror.source.raw(name, records[name], f'{{"id": {records[name]}, {field}}}')
    for unbuilt in (["customer_contacts"], []):  # the second time it is known, and costs its list no time
        outcomes = mirror.sync(full=True)
        assert [outcome.error for outcome in outcomes.values() if outcome.error] == []
        failed = {name: outcome.failed for name, outcome in outcomes.items() if outcome.failed}
        assert failed == dict.fromkeys([*POISON, *unbuilt], 1)
    assert outcomes["customers"].unchanged == len(mirror.source.records("customers")) - 1
    assert mirror.row("select count(*) from st_jobs where deleted_at is not null") == (0,)
    number = "a number in it is out of the range of PostgreSQL"
    assert mirror.rows(REJECTED) == [(name, str(records[name]), number) for name in ("customers", "invoices", "jobs")]
    for name in POISON:
        mirror.source.raw(name, records[name], f'{{"id": {records[name]}, "name": "mended"}}')
    outcomes = mirror.sync()
    assert {name: (outcomes[name].updated, outcomes[name].failed) for name in POISON} == dict.fromkeys(POISON, (1, 0))
    assert (mirror.rows(REJECTED), mirror.differences()) == ([], [])


def test_a_rule_of_somebody_elses_rejects_what_breaks_it_and_fails_a_list_that_breaks_it_altogether(
    mirror: Mirror,
) -> None:
    first, second = (job["id"] for job in mirror.listed("jobs")[:2])
    mirror.rows(f"alter table raw_servicetitan.jobs add constraint odd check (id <> {first}) not valid")
    mirror.rows("alter table raw_servicetitan.campaigns add column mine text not null default 'x'")
    mirror.rows("alter table raw_servicetitan.campaigns alter column mine drop default")
    mirror.source.touch("jobs", ids=[first, second])
    mirror.source.add("campaigns", count=2)
    mirror.source.touch("customers", count=2)
    outcomes = mirror.sync()
    assert [(outcomes[name].status, outcomes[name].updated) for name in ("jobs", "customers", "campaigns")] == [
        ("completed", 1),
        ("completed", 2),
        ("failed", 0),
    ]
    assert mirror.rows(REJECTED) == [("jobs", str(first), "the constraint odd does not allow it")]
    assert 'alter table "raw_servicetitan"."campaigns" alter column "mine" drop not null' in str(outcomes["campaigns"])
    mirror.rows("alter table raw_servicetitan.jobs drop constraint odd")
    mirror.rows("alter table raw_servicetitan.campaigns drop column mine")
    mirror.sync()
    assert (mirror.rows(REJECTED), mirror.differences()) == ([], [])


def test_a_table_that_is_locked_fails_alone_and_nothing_more_is_read_of_it(mirror: Mirror) -> None:
    mirror.settings |= {"page_size": 5, "lock_timeout": 1}
    for name in ("jobs", "customers"):
        mirror.source.touch(name, count=15)
    mirror.source.reset_calls()
    with closing(mirror.warehouse.connect("a test")) as other, transaction(other):
        query(other, "lock table raw_servicetitan.jobs in share mode")
        outcomes = mirror.sync()
    assert (outcomes["jobs"].status, outcomes["customers"].status) == ("failed", "completed")
    assert "is held by process" in (outcomes["jobs"].error or "")
    assert mirror.sync()["jobs"].updated == 15


def test_a_list_that_hangs_holds_only_itself(mirror: Mirror) -> None:
    mirror.source.touch("customers", count=3)
    mirror.source.touch("payments", count=3)
    mirror.source.fault("tag_types", {"delay": 20}, calls=[1])
    syncing = threading.Thread(target=mirror.sync)
    syncing.start()
    done = f"select count(*) = {len(STANDARD)} and count(*) filter (where status = 'started') = 1 from st_sync_log"
    while mirror.row(f"{done} where sync_type <> 'full'") != (True,):
        assert syncing.is_alive()
    assert mirror.rows("select module from st_sync_log where status = 'started'") == [("tag_types",)]
    syncing.join()
    assert mirror.differences() == []

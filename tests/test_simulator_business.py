"""The made-up data is one business: everything adds up, belongs together and repeats."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from servicetitan_simulator import Simulator
from servicetitan_simulator.business.history import build
from servicetitan_simulator.clock import ticks
from servicetitan_simulator.endpoints import ENDPOINTS, ENTITY_NAMES

ANCHOR = "2026-03-02"
Records = dict[str, dict[int, dict[str, Any]]]


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator(customers=150, anchor=ANCHOR) as running:
        yield running


@pytest.fixture(scope="module")
def records(simulator: Simulator) -> Records:
    entities = [entity for entity in ENTITY_NAMES if entity != "custom_fields"]
    return {entity: {row["id"]: row for row in simulator.records(entity)} for entity in entities}


def paid(records: Records) -> dict[int, Decimal]:
    """The applied amounts by invoice."""
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for payment in records["payments"].values():
        for application in payment["appliedTo"]:
            sums[application["appliedTo"]] += Decimal(application["appliedAmount"])
    return sums


def test_invoice_items_add_up_to_the_total(records: Records) -> None:
    for invoice in records["invoices"].values():
        items = sum(Decimal(item["total"]) for item in invoice["items"] or [])
        assert items == Decimal(invoice["subTotal"])
        assert items + Decimal(invoice["salesTax"]) == Decimal(invoice["total"])


def test_payments_reduce_the_balance(records: Records) -> None:
    sums = paid(records)
    for invoice in records["invoices"].values():
        assert Decimal(invoice["balance"]) == Decimal(invoice["total"]) - sums[invoice["id"]]


def test_a_payment_is_applied_or_unapplied(records: Records) -> None:
    for payment in records["payments"].values():
        applied = sum(Decimal(application["appliedAmount"]) for application in payment["appliedTo"])
        assert Decimal(payment["total"]) == applied + Decimal(payment["unappliedAmount"])


def test_a_customer_owes_the_open_balances(records: Records) -> None:
    owed: dict[int, Decimal] = defaultdict(Decimal)
    for invoice in records["invoices"].values():
        owed[invoice["customer"]["id"]] += Decimal(invoice["balance"])
    assert {key: row["balance"] for key, row in records["customers"].items()} == {
        key: owed[key] for key in records["customers"]
    }


def test_a_job_is_worth_its_invoice(records: Records) -> None:
    for job in records["jobs"].values():
        assert job["total"] == Decimal(records["invoices"][job["invoiceId"]]["total"])


@pytest.mark.parametrize(
    ("child", "key", "parent"),
    [
        ("locations", "customerId", "customers"),
        ("jobs", "locationId", "locations"),
        ("jobs", "businessUnitId", "business_units"),
        ("jobs", "jobTypeId", "job_types"),
        ("jobs", "campaignId", "campaigns"),
        ("jobs", "lastAppointmentId", "appointments"),
        ("estimates", "jobId", "jobs"),
        ("appointments", "jobId", "jobs"),
        ("appointment_assignments", "technicianId", "technicians"),
        ("appointment_assignments", "appointmentId", "appointments"),
        ("installed_equipment", "locationId", "locations"),
        ("customer_contacts", "customerId", "customers"),
        ("location_contacts", "locationId", "locations"),
        ("projects", "customerId", "customers"),
    ],
)
def test_every_child_has_its_parent(records: Records, child: str, key: str, parent: str) -> None:
    assert {row[key] for row in records[child].values()} <= set(records[parent])


def test_a_jobs_location_is_its_customers(records: Records) -> None:
    for job in records["jobs"].values():
        assert records["locations"][job["locationId"]]["customerId"] == job["customerId"]


def test_sold_estimates_created_jobs_at_the_same_location(records: Records) -> None:
    jobs = [job for job in records["jobs"].values() if job["createdFromEstimateId"]]
    estimates = [records["estimates"][job["createdFromEstimateId"]] for job in jobs]
    assert jobs
    assert {estimate["status"]["name"] for estimate in estimates} == {"Sold"}
    assert [job["locationId"] for job in jobs] == [estimate["locationId"] for estimate in estimates]


def test_a_project_and_its_jobs_know_each_other(records: Records) -> None:
    jobs: dict[int, list[int]] = defaultdict(list)
    for job in records["jobs"].values():
        jobs[job["projectId"]].append(job["id"])
    assert {key: row["jobIds"] for key, row in records["projects"].items()} == {
        key: found for key, found in jobs.items() if key
    }
    assert max(len(row["jobIds"]) for row in records["projects"].values()) > 1


def test_a_project_is_where_its_jobs_are_and_on_their_bills(records: Records) -> None:
    for project in records["projects"].values():
        for job in (records["jobs"][key] for key in project["jobIds"]):
            assert [job[key] for key in ("customerId", "locationId")] == [project["customerId"], project["locationId"]]
            assert records["invoices"][job["invoiceId"]]["projectId"] == project["id"]


def test_a_project_is_completed_when_its_jobs_are(records: Records) -> None:
    for project in records["projects"].values():
        ends = [records["jobs"][key]["completedOn"] for key in project["jobIds"]]
        assert project["actualCompletionDate"] == (None if None in ends else max(ends, key=ticks))
        assert (project["status"] == "Completed") == (None not in ends)


def test_ids_are_one_number_space(records: Records) -> None:
    used = Counter(key for table in records.values() for key in table)
    assert used.most_common(1)[0][1] == 1


def test_nothing_changed_before_it_was_created_or_after_today(records: Records) -> None:
    for table in records.values():
        for row in table.values():
            modified = ticks(row["modifiedOn"] or row["createdOn"])
            assert ticks(row["createdOn"]) <= modified <= ticks(ANCHOR)


def test_there_are_five_jobs_for_two_customers(simulator: Simulator) -> None:
    counts = simulator.counts()
    assert (counts["customers"]["all"], counts["jobs"]["all"]) == (150, 375)


def test_money_is_text_in_accounting_and_a_number_elsewhere(simulator: Simulator) -> None:
    invoice = simulator.get("invoices", pageSize=1).text
    estimate = simulator.get("estimates", pageSize=1).text
    assert '"subTotal":"' in invoice
    assert '"qty":1.0000000000000000000,' in estimate


def test_some_values_are_awkward(records: Records) -> None:
    assert {row["type"] for row in records["customers"].values()} == {"Residential", "Commercial", None}
    assert any(row["createdOn"] == "0001-01-01T00:00:00Z" for row in records["customer_contacts"].values())
    assert any(row["modifiedOn"] is None for row in records["invoices"].values())
    assert any(row["job"] is None for row in records["invoices"].values())


def test_a_small_business_has_everything() -> None:
    store = build(20, 1, ticks(ANCHOR)).store
    jobs = {row["jobStatus"] for row in store["jobs"].rows()}
    assert jobs == {"Scheduled", "Dispatched", "InProgress", "Hold", "Completed", "Canceled"}
    assert {row["status"]["name"] for row in store["estimates"].rows()} == {"Open", "Sold", "Dismissed"}
    assert [endpoint.table for endpoint in ENDPOINTS if not len(store[endpoint.table])] == []


def test_the_same_seed_gives_the_same_bytes_and_another_does_not() -> None:
    first, second, other = (build(20, seed, ticks(ANCHOR)).store for seed in (7, 7, 8))
    bodies = [[table.bodies for table in store.tables.values()] for store in (first, second, other)]
    assert bodies[0] == bodies[1]
    assert bodies[0] != bodies[2]

"""The control actions change records so that the next list call shows it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from servicetitan_simulator import Simulator
from servicetitan_simulator.endpoints import ENTITY_NAMES


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(customers=20, requests_per_second=0) as running:
        yield running


def row(simulator: Simulator, entity: str, record_id: int) -> Any:
    return next(row for row in simulator.records(entity) if row["id"] == record_id)


def listed_ids(simulator: Simulator, entity: str, **parameters: Any) -> list[int]:
    return [row["id"] for row in simulator.get(entity, **{"pageSize": 5000} | parameters).json()["data"]]


@pytest.mark.parametrize("entity", [entity for entity in ENTITY_NAMES if entity != "custom_fields"])
def test_a_touch_changes_one_field_and_the_time(simulator: Simulator, entity: str) -> None:
    before = {row["id"]: row for row in simulator.records(entity)}
    [touched] = simulator.touch(entity)
    after = row(simulator, entity, touched)
    changed = [key for key in after if after[key] != before[touched][key]]
    assert len(changed) == 2
    assert "modifiedOn" in changed


def test_a_touch_is_found_by_the_modified_filter(simulator: Simulator) -> None:
    latest = max(row["modifiedOn"] for row in simulator.records("customers"))
    before = listed_ids(simulator, "customers", modifiedOnOrAfter=latest)
    touched = simulator.touch("customers", count=3)
    assert set(listed_ids(simulator, "customers", modifiedOnOrAfter=latest)) == {*before, *touched}


@pytest.mark.parametrize("entity", ENTITY_NAMES)
def test_anything_can_be_added(simulator: Simulator, entity: str) -> None:
    before = simulator.counts()[entity]["all"]
    added = simulator.add(entity, count=3)
    assert len(set(added)) == 3
    assert simulator.counts()[entity]["all"] >= before + 3


def test_a_new_job_belongs_to_an_existing_customer(simulator: Simulator) -> None:
    customers = listed_ids(simulator, "customers")
    [added] = simulator.add("jobs")
    job = row(simulator, "jobs", added)
    assert job["customerId"] in customers
    assert row(simulator, "invoices", job["invoiceId"])["job"]["id"] == added


def test_a_new_project_has_a_job(simulator: Simulator) -> None:
    [added] = simulator.add("projects")
    [job] = row(simulator, "projects", added)["jobIds"]
    assert row(simulator, "jobs", job)["projectId"] == added


def test_a_new_payment_settles_an_open_invoice(simulator: Simulator) -> None:
    [added] = simulator.add("payments")
    [application] = row(simulator, "payments", added)["appliedTo"]
    assert row(simulator, "invoices", application["appliedTo"])["balance"] == "0.00"


def test_the_sums_hold_after_a_busy_day(simulator: Simulator) -> None:
    simulator.live(count=80)
    owed = {row["id"]: Decimal(row["balance"]) for row in simulator.records("customers")}
    for invoice in simulator.records("invoices"):
        owed[invoice["customer"]["id"]] -= Decimal(invoice["balance"])
    assert set(owed.values()) == {Decimal(0)}


def test_a_deactivated_row_leaves_the_default_list(simulator: Simulator) -> None:
    [gone] = simulator.deactivate("locations")
    assert gone not in listed_ids(simulator, "locations")
    assert gone in listed_ids(simulator, "locations", active="Any")


def test_a_deactivated_contact_vanishes_and_a_job_is_canceled(simulator: Simulator) -> None:
    [contact] = simulator.deactivate("customer_contacts")
    [job] = simulator.deactivate("jobs")
    assert contact not in listed_ids(simulator, "customer_contacts", modifiedOnOrAfter="2000-01-01")
    assert row(simulator, "jobs", job)["jobStatus"] == "Canceled"


def test_a_deleted_row_is_gone(simulator: Simulator) -> None:
    before = simulator.counts()["invoices"]["all"]
    simulator.delete("invoices", count=2)
    assert simulator.counts()["invoices"]["all"] == before - 2


def test_a_merged_customer_gives_its_children_and_balance_away(simulator: Simulator) -> None:
    merged, into = sorted({job["customerId"] for job in simulator.records("jobs")})[:2]
    simulator.merge("customers", merged, into)
    old = row(simulator, "customers", merged)
    assert (old["active"], old["mergedToId"], old["balance"]) == (False, into, 0)
    children = "locations projects jobs appointments estimates customer_contacts installed_equipment"
    for entity in children.split():
        assert merged not in {child["customerId"] for child in simulator.records(entity)}
    assert merged not in {child["customer"]["id"] for child in simulator.records("invoices")}


def test_a_merged_location_gives_its_jobs_away(simulator: Simulator) -> None:
    merged, into = sorted({job["locationId"] for job in simulator.records("jobs")})[:2]
    simulator.merge("locations", merged, into)
    assert merged not in {job["locationId"] for job in simulator.records("jobs")}


def test_set_writes_any_value_with_or_without_a_new_time(simulator: Simulator) -> None:
    [customer, *_] = simulator.records("customers")
    simulator.set("customers", customer["id"], {"balance": Decimal("25.1700000000"), "address": 7}, bump=False)
    assert row(simulator, "customers", customer["id"]) == customer | {"balance": Decimal("25.17"), "address": 7}
    simulator.set("customers", customer["id"], {})
    assert row(simulator, "customers", customer["id"])["modifiedOn"] > customer["modifiedOn"]


def test_set_adds_an_unknown_id(simulator: Simulator) -> None:
    simulator.set("customers", 999_000_001, {"name": "Übergröße"})
    assert listed_ids(simulator, "customers")[0] == 999_000_001
    assert row(simulator, "customers", 999_000_001)["name"] == "Übergröße"


def test_raw_puts_any_text_into_the_list(simulator: Simulator) -> None:
    simulator.raw("tag_types", 5, '{"id": broken')
    assert simulator.get("tag_types").text.endswith(',{"id": broken]}')
    assert simulator.records("tag_types")[0] == '{"id": broken'


def test_custom_fields_are_addressed_by_owner(simulator: Simulator) -> None:
    [added] = simulator.add("custom_fields", owner="vendors")
    owners = [line["owner"] for line in simulator.records("custom_fields") if line["record"]["id"] == added]
    assert owners == ["vendors"]


def test_nonsense_is_refused_in_words(simulator: Simulator) -> None:
    with pytest.raises(ValueError, match="no such entity: unicorns"):
        simulator.touch("unicorns")

"""The optional lists tell of the same business as the standard ones: what belongs together agrees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from servicetitan_simulator import Simulator, optional
from servicetitan_simulator.clock import ticks, today

KINDS = ("Service", "Material", "Equipment")
Rows = dict[int, dict[str, Any]]


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator(customers=120, requests_per_second=0) as running:
        yield running


def rows(simulator: Simulator, name: str) -> Rows:
    """The records of a list by their ids."""
    return {row["id"]: row for row in simulator.records(name)}


def test_calls_book_the_jobs_that_name_them(simulator: Simulator) -> None:
    calls, jobs = rows(simulator, "calls"), rows(simulator, "jobs")
    booked = {row["leadCall"]["id"]: row for row in calls.values() if row["leadCall"]["callType"] == "Booked"}
    by_call = {job["leadCallId"]: job for job in jobs.values() if job["leadCallId"]}
    assert booked.keys() == by_call.keys()
    for id, call in booked.items():
        lead, job = call["leadCall"], by_call[id]
        assert (lead["campaign"]["id"], lead["customer"]["id"]) == (job["campaignId"], job["customerId"])
        assert (call["jobNumber"], call["type"]["id"]) == (job["jobNumber"], job["jobTypeId"])
        assert lead["receivedOn"] <= job["createdOn"]
    assert 1.3 < len(calls) / len(jobs) < 1.7


def test_leads_come_of_calls_that_booked_nothing(simulator: Simulator) -> None:
    calls = rows(simulator, "calls")
    found = [calls[lead["callId"]]["leadCall"] for lead in rows(simulator, "leads").values()]
    assert {(call["callType"], call["direction"]) for call in found} == {("Unbooked", "Inbound")}


def test_converted_bookings_are_the_jobs_that_name_them(simulator: Simulator) -> None:
    converted = {
        row["id"]: row["jobId"] for row in rows(simulator, "bookings").values() if row["status"] == "Converted"
    }
    assert converted == {row["bookingId"]: row["id"] for row in rows(simulator, "jobs").values() if row["bookingId"]}


def test_memberships_are_those_of_the_jobs_and_bills(simulator: Simulator) -> None:
    memberships = rows(simulator, "memberships")
    jobs = {(row["membershipId"], row["customerId"]) for row in rows(simulator, "jobs").values()}
    bills = {(row["membershipId"], row["customer"]["id"]) for row in rows(simulator, "invoices").values()}
    held = {(id, customer) for id, customer in jobs | bills if id}
    assert held == {(row["id"], row["customerId"]) for row in memberships.values()}
    types, locations = rows(simulator, "membership_types"), rows(simulator, "locations")
    assert {row["membershipTypeId"] for row in memberships.values()} <= types.keys()
    assert all(
        locations[row["locationId"]]["customerId"] == row["customerId"]
        for row in memberships.values()
        if row["locationId"]
    )
    changed = [row["membershipId"] for row in rows(simulator, "membership_status_changes").values()]
    assert sorted(changed) == sorted(id for id, row in memberships.items() if row["status"] != "Active")


def test_recurring_services_have_events_and_their_jobs_are_at_the_place(simulator: Simulator) -> None:
    services, jobs = rows(simulator, "recurring_services"), rows(simulator, "jobs")
    events = rows(simulator, "recurring_service_events").values()
    assert {event["locationRecurringServiceId"] for event in events} == services.keys()
    for event in events:
        service = services[event["locationRecurringServiceId"]]
        assert event["membershipId"] == service["membershipId"]
        assert (event["jobId"] is not None) == (event["status"] == "Won")
        if event["jobId"]:
            job = jobs[event["jobId"]]
            assert (job["locationId"], job["jobTypeId"]) == (service["locationId"], service["jobTypeId"])


@pytest.mark.parametrize(("items", "of"), [("invoice_items", "invoices"), ("estimate_items", "estimates")])
def test_items_are_those_that_stand_in_their_records(simulator: Simulator, items: str, of: str) -> None:
    within = {item["id"]: item for row in rows(simulator, of).values() for item in row["items"] or ()}
    listed = rows(simulator, items)
    assert listed.keys() == within.keys()
    same = {"total", "quantity", "qty", "skuId", "createdOn", "description"}
    assert all(row[key] == within[id][key] for id, row in listed.items() for key in same & within[id].keys())


def test_invoice_items_name_their_invoice(simulator: Simulator) -> None:
    sums: Counter[int] = Counter()
    for item in rows(simulator, "invoice_items").values():
        sums[item["invoiceId"]] += Decimal(item["total"])  # type: ignore[assignment]
    invoices = rows(simulator, "invoices")
    assert {id: sum for id, sum in sums.items() if sum != Decimal(invoices[id]["subTotal"])} == {}


def test_campaigns_have_their_categories_and_a_cost_a_month(simulator: Simulator) -> None:
    campaigns = rows(simulator, "campaigns")
    assert {row["category"]["id"] for row in campaigns.values()} == rows(simulator, "campaign_categories").keys()
    costs = [(row["campaignId"], row["year"], row["month"]) for row in rows(simulator, "campaign_costs").values()]
    assert len(costs) == len(set(costs)) > 200
    assert {campaign for campaign, *_ in costs} == {id for id, row in campaigns.items() if row["active"]}


def test_history_cancellations_and_notes_belong_to_jobs(simulator: Simulator) -> None:
    jobs = rows(simulator, "jobs")
    canceled = {id for id, row in jobs.items() if row["jobStatus"] == "Canceled"}
    assert {row["jobId"] for row in rows(simulator, "job_canceled_logs").values()} == canceled
    reasons = {row["reasonId"] for row in rows(simulator, "job_canceled_logs").values()}
    assert reasons <= rows(simulator, "job_cancel_reasons").keys()
    last = {row["jobId"]: row["history"][-1] for row in simulator.records("job_history")}
    assert last.keys() == jobs.keys()
    done = {id: event["date"] for id, event in last.items() if event["eventType"] == "Job Completed"}
    assert done == {id: row["completedOn"] for id, row in jobs.items() if row["completedOn"]}
    assert {row["jobId"] for row in rows(simulator, "job_notes").values()} <= jobs.keys()


def test_timesheets_belong_to_the_crew_of_an_appointment(simulator: Simulator) -> None:
    crews = {
        (row["appointmentId"], row["technicianId"], row["jobId"])
        for row in rows(simulator, "appointment_assignments").values()
        if row["active"]
    }
    sheets = rows(simulator, "job_timesheets").values()
    assert {(row["appointmentId"], row["technicianId"], row["jobId"]) for row in sheets} <= crews
    times = [(row["dispatchedOn"], row["arrivedOn"], row["doneOn"] or "9999") for row in sheets]
    assert len(times) > 200
    assert [each for each in times if [*each] != sorted(each)] == []


def test_hours_are_paid_in_the_payroll_of_their_technician_and_day(simulator: Simulator) -> None:
    payrolls, sheets = rows(simulator, "payrolls"), rows(simulator, "job_timesheets")
    items = rows(simulator, "gross_pay_items").values()
    assert {row["sourceEntityId"] for row in items} == {id for id, row in sheets.items() if row["doneOn"]}
    for row in items:
        payroll = payrolls[row["payrollId"]]
        assert payroll["employeeId"] == row["employeeId"] == sheets[row["sourceEntityId"]]["technicianId"]
        assert payroll["startedOn"] <= row["startedOn"] < payroll["endedOn"]
        assert abs(row["amount"] - row["paidDurationHours"] * Decimal("31.5")) < Decimal("0.02")


def test_orders_receipts_bills_and_what_is_paid_follow_each_other(simulator: Simulator) -> None:
    orders, jobs = rows(simulator, "purchase_orders"), rows(simulator, "jobs")
    assert {row["jobId"] for row in orders.values()} <= jobs.keys()
    assert {row["vendorId"] for row in orders.values()} <= rows(simulator, "vendors").keys()
    assert {row["inventoryLocationId"] for row in orders.values()} <= rows(simulator, "warehouses").keys()
    received = {id for id, row in orders.items() if row["receivedOn"]}
    receipts = {row["purchaseOrderId"]: row for row in rows(simulator, "receipts").values()}
    bills = rows(simulator, "inventory_bills")
    assert receipts.keys() == received == {row["purchaseOrderId"] for row in bills.values()}
    assert rows(simulator, "ap_bills").keys() == bills.keys()
    splits = [split for row in rows(simulator, "ap_payments").values() for split in row["splits"]]
    assert {split["inventoryBillId"] for split in splits} < bills.keys()
    backs = rows(simulator, "returns")
    assert {row["inventoryReturnId"] for row in rows(simulator, "ap_credits").values()} == backs.keys() != set()
    assert {row["purchaseOrderId"] for row in backs.values()} <= received
    skus = {item["skuId"] for row in orders.values() for item in row["items"]}
    assert skus <= rows(simulator, "pricebook_materials").keys() | rows(simulator, "pricebook_equipment").keys()


def test_an_orders_total_is_its_items_and_the_tax(simulator: Simulator) -> None:
    for order in rows(simulator, "purchase_orders").values():
        items = sum(item["total"] for item in order["items"])
        assert all(item["total"] == item["cost"] * item["quantity"] for item in order["items"])
        assert abs(order["total"] - items - order["tax"]) < Decimal("0.02")


def test_the_pricebook_has_what_is_billed(simulator: Simulator) -> None:
    lists = {kind: rows(simulator, f"pricebook_{kind.lower()}{'' if kind == 'Equipment' else 's'}") for kind in KINDS}
    for item in rows(simulator, "invoice_items").values():
        sku = lists[item["type"]][item["skuId"]]
        assert (sku["code"], sku["price"]) == (item["skuName"], Decimal(item["price"]))
    assert {row["typeId"] for row in lists["Equipment"].values() if row["typeId"]} != set()


def test_accounting_names_the_accounts_terms_types_and_zones_that_the_standard_lists_use(simulator: Simulator) -> None:
    used = {row["generalLedgerAccount"]["id"] for row in rows(simulator, "invoice_items").values()}
    assert used <= rows(simulator, "gl_accounts").keys()
    terms = {row["paymentTermId"] for row in rows(simulator, "customers").values()}
    assert terms <= rows(simulator, "payment_terms").keys()
    kinds = {int(row["typeId"]): row["type"] for row in rows(simulator, "payments").values()}
    assert kinds.items() <= {id: row["name"] for id, row in rows(simulator, "payment_types").items()}.items()
    zones = {row["taxZoneId"] for row in rows(simulator, "invoices").values()}
    assert zones <= rows(simulator, "tax_zones").keys()
    places = {row["zoneId"] for row in rows(simulator, "locations").values()}
    assert places <= rows(simulator, "zones").keys()
    deposits = {row["deposit"]["id"] for row in rows(simulator, "payments").values() if row["deposit"]}
    assert deposits == rows(simulator, "bank_deposits").keys()


def test_credit_memos_belong_to_the_customers_of_their_invoices(simulator: Simulator) -> None:
    invoices, memos = rows(simulator, "invoices"), rows(simulator, "credit_memos")
    applied = [(row, invoices[each["appliedTo"]]) for row in memos.values() for each in row["appliedTo"]]
    assert applied and all(memo["customer"] == invoice["customer"] for memo, invoice in applied)
    assert {row["creditMemoId"] for row in rows(simulator, "credit_memo_items").values()} == memos.keys()


def test_people_and_projects_are_those_that_the_standard_lists_name(simulator: Simulator) -> None:
    employees, roles = rows(simulator, "employees"), rows(simulator, "user_roles")
    assert {row["createdById"] for row in rows(simulator, "jobs").values()} <= employees.keys()
    technicians = rows(simulator, "technicians")
    named = [role for row in (*employees.values(), *technicians.values()) for role in row["roleIds"]]
    assert {*named} <= roles.keys()
    statuses = {row["statusId"] for row in rows(simulator, "projects").values()}
    assert statuses <= rows(simulator, "project_statuses").keys()
    types = {row["projectTypeId"] for row in rows(simulator, "projects").values()}
    assert types <= rows(simulator, "project_types").keys()
    assert {row["technicianId"] for row in rows(simulator, "technician_shifts").values()} <= technicians.keys()


def test_submissions_and_tasks_are_about_jobs(simulator: Simulator) -> None:
    jobs, forms = rows(simulator, "jobs"), rows(simulator, "forms")
    for row in rows(simulator, "form_submissions").values():
        assert forms[row["formId"]]["name"] == row["formName"]
        assert jobs[row["owners"][0]["id"]]["customerId"] == row["owners"][1]["id"]
    tasks = rows(simulator, "tasks").values()
    assert {(row["jobId"], row["customerId"]) for row in tasks} <= {(id, row["customerId"]) for id, row in jobs.items()}


@pytest.mark.parametrize("name", optional.NAMES)
def test_nothing_was_changed_before_it_was_made_or_in_the_future(simulator: Simulator, name: str) -> None:
    dated = [optional.form(name).dated(row) for row in simulator.records(name)]
    times = [[ticks(row[key]) for key in ("createdOn", "modifiedOn") if row.get(key)] for row in dated]
    assert [each for each in times if [*each, today()] != sorted([*each, today()])] == []

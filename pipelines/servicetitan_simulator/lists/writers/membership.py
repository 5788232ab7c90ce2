"""Memberships: what customers have of the club, how it changed, and the visits that belong to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ... import clock
from ...money import number
from ...store import Row
from ..desk import Desk, Made

TYPES = (("Comfort Club", "Annual", 19900), ("Comfort Club monthly", "Monthly", 1900), ("Club of 2019", "Annual", 9900))
VISITS = ("Spring Tune-Up", "Fall Tune-Up")
YEAR = 365 * clock.DAY


@dataclass
class Held:
    """A membership as jobs and invoices show it: whose it is, and when they first and last did (ticks)."""

    id: int
    customer: int
    location: int
    unit: int
    first: int
    last: int


def held(desk: Desk) -> list[Held]:
    """Every membership that a job or an invoice names, in the order of their ids."""
    found: dict[int, Held] = {}
    seen = [
        *((job.membershipId, job.customerId, job.locationId, job.businessUnitId, job.createdOn) for job in desk.books.jobs),
        *(
            (each.membershipId, each.customer.id, 0, each.businessUnit.id, each.createdOn)
            for each in desk.books.invoices
        ),
    ]
    for id, customer, location, unit, created in seen:
        if id:
            at = clock.ticks(created)
            known = found.setdefault(id, Held(id, customer, location, unit, at, at))
            known.first, known.last = min(known.first, at), max(known.last, at)
            known.location = known.location or location
    return sorted(found.values(), key=lambda each: each.id)


def membership_types(desk: Desk) -> Iterator[Made]:
    """What is sold, and what was."""
    for turn, (name, billing, price) in enumerate(TYPES):
        amounts = {key: number(price, 4) for key in ("salePrice", "billingPrice", "renewalPrice")}
        fields: Row = {
            "name": name,
            "displayName": name,
            "discount": number(1000),
            "durationBilling": [{"duration": 12, "billingFrequency": billing} | amounts],
        }
        yield Made(fields, desk.founding(), active=turn < 2)


def memberships(desk: Desk) -> Iterator[Made]:
    """Runs from the first job or invoice that names it to a year after the last one."""
    types = [each for each in desk.rows("membership_types") if each["active"]]
    for each in held(desk):
        until = each.last + desk.dice.between(60, 700) * clock.DAY
        kind, status = desk.dice.pick(types), _status(desk, until)
        ended = min(until, desk.now) if status in ("Canceled", "Deleted") else None
        fields: Row = {
            "customerId": each.customer,
            "locationId": each.location or None,
            "businessUnitId": each.unit,
            "membershipTypeId": kind["id"],
            "status": status,
            "from": clock.midnight_text(each.first),
            "to": clock.midnight_text(until),
            "duration": 12,
            "billingFrequency": kind["durationBilling"][0]["billingFrequency"],
            "nextScheduledBillDate": clock.midnight_text(desk.now + 20 * clock.DAY) if status == "Active" else None,
            "cancellationDate": clock.midnight_text(ended) if ended else None,
            "followUpOn": clock.midnight_text(until),
            "soldById": desk.any_id("technicians"),
            "memo": None,
        }
        for name in ("cancellationBalanceInvoiceId", "cancellationInvoiceId", "activatedFromId"):
            fields[name] = None
        modified = min(max(each.last, ended or 0, until if status == "Expired" else 0), desk.now)
        yield Made(fields, each.first, desk.later(modified), each.id, active=status != "Deleted")


def _status(desk: Desk, until: int) -> str:
    if desk.dice.every("deleted", 40):
        return "Deleted"
    if until < desk.now:
        return "Canceled" if desk.dice.every("canceled", 4) else "Expired"
    return "Suspended" if desk.dice.every("suspended", 25) else "Active"


def membership_status_changes(desk: Desk) -> Iterator[Made]:
    """How those that are not active any more have become so."""
    for row in desk.rows("memberships"):
        if row["status"] != "Active":
            at = clock.ticks(row["modifiedOn"])
            change = {"membershipId": row["id"], "oldStatus": "Active", "newStatus": row["status"]}
            yield Made(change, at, at)


def recurring_service_types(desk: Desk) -> Iterator[Made]:
    """The visits that the club includes."""
    for name, months in zip(VISITS, (["April"], ["October"]), strict=True):
        kind = next(id for id, known in desk.books.kinds.items() if known == name)
        recurrence = {"recurrenceType": "Seasonal", "recurrenceInterval": 1, "recurrenceMonths": months}
        fields = {"name": name, "jobTypeId": kind, "durationType": "Continuous", "durationLength": 0} | recurrence
        yield Made(fields, desk.founding())


def recurring_services(desk: Desk) -> Iterator[Made]:
    """Each membership's visits at its location."""
    types = desk.rows("recurring_service_types")
    for row in desk.rows("memberships"):
        for kind in types if row["locationId"] else ():
            same = ("name", "recurrenceType", "recurrenceInterval", "recurrenceMonths", "durationType", "durationLength")
            fields = {key: kind[key] for key in same}
            fields |= {key: row[key] for key in ("locationId", "businessUnitId", "from", "to")}
            fields |= {"membershipId": row["id"], "recurringServiceTypeId": kind["id"], "jobTypeId": kind["jobTypeId"]}
            yield Made(fields, clock.ticks(row["createdOn"]), active=row["status"] in ("Active", "Suspended"))


def recurring_service_events(desk: Desk) -> Iterator[Made]:
    """One event a service and year; a visit of that kind in the year is its job."""
    visits: dict[tuple[int, int, int], int] = {}
    for job in desk.books.jobs:
        visits[job.locationId, job.jobTypeId, clock.ticks(job.createdOn) // YEAR] = job.id
    types = {each["id"]: each["name"] for each in desk.rows("membership_types")}
    kinds = {each["id"]: types[each["membershipTypeId"]] for each in desk.rows("memberships")}
    for service in desk.rows("recurring_services"):
        begin, end = clock.ticks(service["from"]), clock.ticks(service["to"])
        for year in range(begin // YEAR, min(end, desk.now + YEAR // 2) // YEAR + 1):
            due = max(begin, year * YEAR)
            visit = visits.get((service["locationId"], service["jobTypeId"], year))
            fields = {
                "locationRecurringServiceId": service["id"],
                "locationRecurringServiceName": service["name"],
                "membershipId": service["membershipId"],
                "membershipName": kinds[service["membershipId"]],
                "status": "Won" if visit else "Dismissed" if due < desk.now - YEAR else "NotAttempted",
                "date": clock.midnight_text(due),
                "jobId": visit,
            }
            yield Made(fields, min(begin, due))


def invoice_templates(desk: Desk) -> Iterator[Made]:
    """What a membership's bill is made of."""
    sku = desk.company.membership
    for name, _, price in TYPES:
        amounts = {"quantity": number(100, 4), "unitPrice": number(price, 4), "skuId": sku.id, "skuType": "Service"}
        item = desk.part("items[]", id=desk.ids.new(), **amounts)
        fields = {"name": name, "total": number(price, 4), "items": [item], "isSettingsTemplate": True}
        yield Made(fields, desk.founding(), active=name != TYPES[-1][0])


LISTS = {
    "membership_types": membership_types,
    "memberships": memberships,
    "membership_status_changes": membership_status_changes,
    "recurring_service_types": recurring_service_types,
    "recurring_services": recurring_services,
    "recurring_service_events": recurring_service_events,
    "invoice_templates": invoice_templates,
}

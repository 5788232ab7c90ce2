"""What is offered: the items of the estimates, and agreements with companies."""

from __future__ import annotations

from collections.abc import Iterator

from ... import clock
from ...money import number
from ...store import Row
from ..desk import Desk, Made

AGREEMENT_STATUSES = ("Activated", "Activated", "Draft", "Expired", "Canceled")


def estimate_items(desk: Desk) -> Iterator[Made]:
    """The estimates' own items, with their ids; those of an inactive estimate show as inactive ones."""
    for estimate in desk.rows("estimates"):
        for item in estimate["items"]:
            at = clock.ticks(item["createdOn"])
            yield Made(item, at, clock.ticks(item["modifiedOn"]), item["id"], estimate["active"])


def service_agreements(desk: Desk) -> Iterator[Made]:
    """Of every other commercial customer."""
    companies = [customer for customer in desk.books.customers.values() if customer.type == "Commercial"]
    places: dict[int, list[int]] = {}
    for location in desk.books.locations.values():
        places.setdefault(location.customerId, []).append(location.id)
    for turn, customer in enumerate(companies[::2]):
        at = clock.ticks(customer.createdOn)
        fields: Row = {
            "name": f"Maintenance, {customer.name}",
            "customerId": customer.id,
            "locationIds": places.get(customer.id, []),
            "businessUnitId": [*desk.books.units][2],
            "status": AGREEMENT_STATUSES[turn % 5],
            "durationMonths": 12,
            "startDate": clock.text(at)[:10],
            "endDate": clock.text(at + 365 * clock.DAY)[:10],
            "billingSchedule": "Monthly",
            "totalAgreementPrice": number(120_000, 4),
        }
        yield Made(fields, at)


def intacct_business_units(desk: Desk) -> Iterator[Made]:
    """The business units as the ledger of a third party knows them."""
    for turn, (id, name) in enumerate(desk.books.units.items()):
        fields = {"name": name, "intacctLocationName": "Marrow Springs", "intacctDepartment": f"D{turn:02d}"}
        yield Made(fields, desk.founding(), id=id, active="closed" not in name)


LISTS = {
    "estimate_items": estimate_items,
    "service_agreements": service_agreements,
    "intacct_business_units": intacct_business_units,
}

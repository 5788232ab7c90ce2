"""Merging two customers or two locations: the first becomes inactive, its children move to the second."""

from __future__ import annotations

from typing import Any

from ..business.company import Company
from ..money import cents, number
from ..store import Row
from .updates import owe, patch

CHILDREN = {
    "customers": {
        "locations": "customerId",
        "projects": "customerId",
        "jobs": "customerId",
        "estimates": "customerId",
        "appointments": "customerId",
        "installed_equipment": "customerId",
        "customer_contacts": "customerId",
        "invoices": "customer",
        "payments": "customer",
    },
    "locations": {
        "projects": "locationId",
        "jobs": "locationId",
        "estimates": "locationId",
        "installed_equipment": "locationId",
        "location_contacts": "locationId",
        "invoices": "location",
    },
}


def merge(company: Company, entity: str, merged: int, into: int) -> list[int]:
    """Returns the two ids. Raises KeyError for an unknown entity or id."""
    keeper = company.store[entity].row(into)
    for table, field in CHILDREN[entity].items():
        _move(company, table, field, merged, keeper)
    gone: Row = {"active": False, "mergedToId": into}
    if entity == "customers":
        owe(company, into, cents(company.store[entity].row(merged)["balance"]))
        gone["balance"] = number(0)
    patch(company, entity, merged, gone)
    return [merged, into]


def _move(company: Company, name: str, field: str, merged: int, keeper: Row) -> None:
    """Gives every child of `merged` to the keeper; only rows whose text holds the id are looked into."""
    table, needle = company.store[name], str(merged).encode()
    for record_id in [table.ids[at] for at, body in enumerate(table.bodies) if needle in body]:
        parent = table.row(record_id)[field]
        if _id_of(parent) == merged:
            moved = {"id": keeper["id"], "name": keeper["name"]} if isinstance(parent, dict) else keeper["id"]
            patch(company, name, record_id, {field: moved})


def _id_of(parent: Any) -> object:
    return parent["id"] if isinstance(parent, dict) else parent

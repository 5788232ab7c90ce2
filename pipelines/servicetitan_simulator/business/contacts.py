"""Contacts of customers and locations: telephones, mobiles, e-mail addresses, a fax."""

from __future__ import annotations

from .. import clock
from ..store import Row
from . import words
from .company import Company
from .shapes import SHAPES


def add_contacts(company: Company, customer_id: int, location_id: int, at: int) -> None:
    """A telephone for every customer, more for some, and now and then somebody at the location."""
    dice = company.dice
    kinds = ["MobilePhone" if dice.chance(0.75) else "Phone"]
    kinds += ["Email"] if dice.every("e-mail", 2) else []
    kinds += ["Phone"] if dice.every("second phone", 5) else []
    kinds += ["Fax"] if dice.every("fax", 60) else []
    for kind in kinds:
        add_contact(company, "customer_contacts", SHAPES["customer_contacts"] | {"customerId": customer_id}, kind, at)
    if dice.every("location contact", 3):
        owner = {"locationId": location_id}
        add_contact(company, "location_contacts", SHAPES["location_contacts"] | owner, "MobilePhone", at)


def add_contact(company: Company, table: str, row: Row, kind: str, at: int) -> int:
    """Writes a contact to `customer_contacts` or `location_contacts` and returns its id."""
    dice = company.dice
    phone = f"{dice.pick(words.AREA_CODES)}55501{dice.between(0, 100):02d}"
    name = f"{dice.pick(('ana', 'bo', 'cy', 'dee'))}{dice.between(1, 100_000)}"
    created = clock.NEVER if dice.every(f"{table} never created", 25) else at
    modified = company.later(at)
    row |= {
        "id": company.ids.new(),
        "type": kind,
        "memo": dice.pick(words.CONTACT_MEMOS),
        "value": f"{name}@{dice.pick(words.MAIL_DOMAINS)}" if kind == "Email" else phone,
        "preferences": row["preferences"]
        | {"jobRemindersEnabled": kind != "Fax", "invoiceNotification": kind == "Email"},
        "phoneSettings": None if kind == "Email" else {"phoneNumber": phone, "doNotText": kind != "MobilePhone"},
        "createdOn": clock.text(created),
        "modifiedOn": clock.text(modified),
    }
    company.store[table].append(row, created, modified)
    return int(row["id"])

"""Customers with their locations and contacts.

`Customer` and `Location` are the small handles that the rest of the business works with; the records themselves go
to the store. A customer's record is written last, when its balance is known.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from .. import clock
from ..dice import Dice
from ..money import number
from ..store import Row
from . import contacts, words
from .company import Company, raw
from .custom_fields import external_data, values
from .equipment import install
from .shapes import SHAPES


@dataclass
class Location:
    """A place to work at. `address` is the row's full address, `short` the invoice's without coordinates."""

    id: int
    reference: msgspec.Raw
    address: msgspec.Raw
    short: msgspec.Raw
    equipment: list[int] = field(default_factory=list)


@dataclass
class Customer:
    """Who pays. `balance` in cents, `modified` in ticks; `row` is the record that is still to be written."""

    id: int
    reference: msgspec.Raw
    short: msgspec.Raw
    row: Row
    modified: int
    locations: list[Location] = field(default_factory=list)
    balance: int = 0
    last_job: int | None = None
    membership: int | None = None


def welcome(company: Company, at: int) -> Customer:
    """A new customer with one to three locations and the contacts; only its own record stays unwritten."""
    dice = company.dice
    commercial = dice.every("commercial", 8)
    customer = _customer(company, at, _company_name(dice) if commercial else _person_name(dice), commercial)
    for turn in range(_location_count(dice)):
        customer.locations.append(settle(company, customer, at, turn))
    contacts.add_contacts(company, customer.id, customer.locations[0].id, at)
    customer.membership = company.ids.new() if dice.chance(0.3) else None
    return customer


def duplicate(company: Company, of: Customer, at: int) -> Customer:
    """A record that was entered twice and then merged: inactive, without children."""
    twin = _customer(company, at, str(of.row["name"]), of.row["type"] == "Commercial")
    twin.row |= {"active": False, "mergedToId": of.id}
    twin.modified = company.later(at)
    return twin


def write(company: Company, customer: Customer) -> None:
    """Writes the customer's own record with its final balance."""
    balance = number(customer.balance)
    row = customer.row | {"balance": balance, "modifiedOn": clock.text(customer.modified)}
    company.store["customers"].append(row, clock.ticks(row["createdOn"]), customer.modified)


def _customer(company: Company, at: int, name: str, commercial: bool) -> Customer:
    dice = company.dice
    record_id = company.ids.new()
    address = _address(dice)
    row = SHAPES["customers"] | {
        "id": record_id,
        "name": name,
        "type": "Commercial" if commercial else "Residential",
        "address": raw(address),
        "customFields": values(dice, company.fields["customers"]),
        "taxExempt": dice.chance(0.03),
        "tagTypeIds": dice.some(company.tags, 0, 4),
        "doNotMail": dice.chance(0.1),
        "doNotService": dice.chance(0.01),
        "nationalAccount": commercial and dice.chance(0.1),
        "createdOn": clock.text(at),
        "createdById": dice.pick(company.office),
        "paymentTermId": dice.pick(company.terms)[0],
        "externalData": external_data(dice, record_id),
    }
    if dice.every("customer without type", 90):
        row["type"] = None
    if dice.every("customer who left", 60):
        row["active"] = False
    if commercial:
        row |= {"creditLimit": raw("5000.0000000000"), "creditLimitBalance": raw("5000.0000000000")}
    return Customer(record_id, raw({"id": record_id, "name": name}), raw(_short(address)), row, company.later(at))


def settle(company: Company, customer: Customer, at: int, turn: int) -> Location:
    """Writes the customer's next location; the first one (turn 0) is at the bill-to address."""
    dice = company.dice
    record_id = company.ids.new()
    name = dice.pick(words.LOCATION_NAMES).format(name=customer.row["name"]) if turn else customer.row["name"]
    address = msgspec.json.decode(customer.row["address"]) if turn == 0 else _address(dice)
    location = Location(record_id, raw({"id": record_id, "name": name}), raw(address), raw(_short(address)))
    modified = company.later(at)
    company.store["locations"].append(
        SHAPES["locations"]
        | {
            "id": record_id,
            "customerId": customer.id,
            "active": customer.row["active"],
            "name": name,
            "address": location.address,
            "customFields": values(dice, company.fields["locations"]),
            "createdOn": clock.text(at),
            "createdById": customer.row["createdById"],
            "modifiedOn": clock.text(modified),
            "zoneId": dice.pick(company.zones),
            "taxExempt": customer.row["taxExempt"],
            "tagTypeIds": dice.some(company.tags, 0, 3),
            "taxZoneId": company.tax_zone,
            "externalData": None if dice.every("null external data", 20) else external_data(dice, record_id),
        },
        at,
        modified,
    )
    if dice.every("equipped location", 4):
        location.equipment.append(install(company, customer.id, record_id, at))
    return location


def _person_name(dice: Dice) -> str:
    return f"{dice.pick(words.GIVEN_NAMES)} {dice.pick(words.FAMILY_NAMES)}"


def _company_name(dice: Dice) -> str:
    return f"{dice.pick(words.COMPANY_NAMES)} {dice.pick(words.COMPANY_FORMS)}"


def _location_count(dice: Dice) -> int:
    if dice.every("third location", 20):
        return 3
    return 2 if dice.every("second location", 4) else 1


def _address(dice: Dice) -> Row:
    city, state, code, latitude, longitude = dice.pick(words.CITIES)
    return SHAPES["customers.address"] | {
        "street": f"{dice.between(1, 9900)} {dice.pick(words.STREETS)}",
        "city": city,
        "state": state,
        "zip": code,
        "unit": f"#{dice.between(1, 60)}" if dice.chance(0.1) else None,
        "latitude": round(latitude + dice.random() / 9, 7),
        "longitude": round(longitude - dice.random() / 9, 7),
    }


def _short(address: Row) -> Row:
    return {key: address[key] for key in ("street", "unit", "city", "state", "zip", "country")}


def known(company: Company, customer: Row, location: Row) -> Customer:
    """The handles of a customer and one of its locations, from their records."""
    place = Location(location["id"], _reference(location), raw(location["address"]), raw(_short(location["address"])))
    short = raw(_short(customer["address"]))
    return Customer(customer["id"], _reference(customer), short, customer, company.now, [place])


def _reference(row: Row) -> msgspec.Raw:
    return raw({"id": row["id"], "name": row["name"]})

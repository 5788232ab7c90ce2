"""The pricebook: the items that invoices, estimates and orders name, in categories of their trade."""

from __future__ import annotations

from collections.abc import Iterator

from ...business.handles import Sku
from ...money import number
from ...store import Row
from ..desk import Desk, Made


def pricebook_categories(desk: Desk) -> Iterator[Made]:
    """Services and materials of each trade, and one that is hidden."""
    for turn, trade in enumerate(desk.company.skus):
        for kind in ("Services", "Materials"):
            fields = {"name": f"{trade} {kind.lower()}", "categoryType": kind, "parentId": None, "position": turn}
            yield Made(fields | {"subcategories": []}, desk.founding())
    hidden: Row = {"name": "Discontinued", "categoryType": "Materials", "parentId": None, "subcategories": []}
    yield Made(hidden, desk.founding(), active=False)


def pricebook_services(desk: Desk) -> Iterator[Made]:
    """What technicians do, by the item's id."""
    for trade, sku in _items(desk, "Service"):
        category = _category(desk, f"{trade} services")
        shown = [{key: category[key] for key in ("id", "name", "active")}]
        yield _made(desk, sku, categories=shown, isLabor=sku.sku.hours != "0")


def pricebook_materials(desk: Desk) -> Iterator[Made]:
    """What they take along, by the item's id; the last is not sold any more."""
    for trade, sku in _items(desk, "Material"):
        yield _made(desk, sku, categories=[_category(desk, f"{trade} materials")["id"]], **_stock(desk, sku))
    yield Made({"code": "R22", "displayName": "Refrigerant R-22 (old)", "categories": []}, desk.founding(), active=False)


def pricebook_equipment(desk: Desk) -> Iterator[Made]:
    """What they install, by the item's id; the last is not sold any more."""
    for trade, sku in _items(desk, "Equipment"):
        yield _made(desk, sku, categories=[_category(desk, f"{trade} materials")["id"]], **_stock(desk, sku))
    yield Made({"code": "SYS-2T", "displayName": "Heat pump, 2 ton (old)", "categories": []}, desk.founding(), active=False)


def _items(desk: Desk, kind: str) -> Iterator[tuple[str, Sku]]:
    company = desk.company
    known = [(trade, sku) for trade, skus in company.skus.items() for sku in skus]
    known += [("HVAC", company.membership), ("HVAC", company.counter_sale)]
    yield from ((trade, sku) for trade, sku in known if sku.sku.kind == kind)


def _category(desk: Desk, name: str) -> Row:
    return next(row for row in desk.rows("pricebook_categories") if row["name"] == name)


def _made(desk: Desk, sku: Sku, **fields: object) -> Made:
    prices = {"price": 100, "memberPrice": 90, "addOnPrice": 95, "addOnMemberPrice": 85}
    facts: Row = {name: number(sku.sku.price * percent // 100, 4) for name, percent in prices.items()}
    facts |= {
        "code": sku.sku.code,
        "displayName": sku.sku.label,
        "description": sku.text,
        "cost": number(sku.sku.cost, 4),
        "taxable": sku.sku.taxable,
        "hours": number(int(float(sku.sku.hours) * 100), 4),
        "account": f"{sku.sku.kind} revenue",
    }
    return Made({key: facts[key] for key in facts if key in desk.blanks.fields()} | fields, desk.founding(), id=sku.id)


def _stock(desk: Desk, sku: Sku) -> Row:
    """Who sells it to the company."""
    seller = next(iter(desk.rows("vendors")))
    facts = {"vendorId": seller["id"], "vendorName": seller["name"], "cost": number(sku.sku.cost, 4), "active": True}
    return {"isInventory": True, "generalLedgerAccountId": sku.account_id, "primaryVendor": desk.part("primaryVendor", **facts)}


LISTS = {
    "pricebook_categories": pricebook_categories,
    "pricebook_services": pricebook_services,
    "pricebook_materials": pricebook_materials,
    "pricebook_equipment": pricebook_equipment,
}

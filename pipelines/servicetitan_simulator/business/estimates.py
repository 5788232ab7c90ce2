"""Estimates: open, sold or dismissed. Amounts are numbers here, with the scale of the database."""

from __future__ import annotations

from .. import clock
from ..dice import Dice
from ..money import number
from ..store import Row
from . import texts
from .billing import Estimate, Line, tax
from .company import Company, raw
from .handles import Sku
from .shapes import SHAPES
from .visits import Visit

STATUSES = ({"value": 0, "name": "Open"}, {"value": 1, "name": "Sold"}, {"value": 2, "name": "Dismissed"})
OPEN, SOLD, DISMISSED = STATUSES
_OUTCOMES = (SOLD, OPEN, DISMISSED, SOLD, DISMISSED)


def quote(company: Company, visit: Visit, at: int) -> Estimate:
    """Writes an estimate made at `at` during a visit; the outcomes take turns."""
    dice = company.dice
    status = dice.in_turn("estimate status", _OUTCOMES)
    skus = company.skus[visit.kind.unit.trade]
    record_id = company.ids.new()
    lines = [Line(item, 100, company.ids.new()) for item in (skus[-1], *skus[: dice.between(1, 4)])]
    sold = min(company.later(at), at + dice.between(0, 20 * clock.DAY)) if status is SOLD else None
    modified = company.later(sold or at)
    row = SHAPES["estimates"] | {
        "id": record_id,
        "name": f"{skus[-1].sku.label} — option {'ABC'[len(lines) % 3]}",
        "status": status,
        "createdOn": clock.text(at),
        "modifiedOn": clock.text(modified),
        "summary": texts.estimate_summary(dice, skus[-1].sku.label, visit.kind.unit.trade),
        "active": sold is not None or not dice.every("old estimate", 20),
        "items": [_item(line, at, lines[0]) for line in lines],
        "externalLinks": _links(skus[-1], record_id),
        "isRecommended": dice.chance(0.5),
        "isChangeOrder": dice.chance(0.05),
        "proposalTagName": "Best" if dice.chance(0.3) else None,
    }
    row |= _amounts(dice, lines) | _whose(visit) | _signature(visit, sold)
    company.store["estimates"].append(row, at, modified)
    return Estimate(record_id, visit.job_id, lines, sold)


def _whose(visit: Visit) -> Row:
    return {
        "jobId": visit.job_id,
        "jobNumber": str(visit.job_id),
        "projectId": visit.project_id,
        "locationId": visit.location.id,
        "customerId": visit.customer.id,
        "businessUnitId": visit.kind.unit.id,
        "businessUnitName": visit.kind.unit.name,
    }


def _signature(visit: Visit, sold: int | None) -> Row:
    if sold is None:
        return {}
    seller = visit.crew.id if visit.crew else None
    return {"reviewStatus": "Approved", "soldOn": clock.text(sold), "soldBy": seller}


def _amounts(dice: Dice, lines: list[Line]) -> Row:
    """The sums; a third of the customers sign with a deposit of a quarter."""
    total = sum(line.total for line in lines)
    amounts: Row = {"subtotal": number(total, 10), "tax": number(tax(lines))}
    if dice.chance(0.66):
        return amounts
    deposit = {"depositAmount": number(total // 4, 10), "depositPercent": raw("25.0000000000")}
    return amounts | deposit | {"requireDepositOnSignature": True}


def _links(item: Sku, record_id: int) -> list[Row]:
    code = item.sku.code.lower()
    return [
        {"name": "Brochure", "url": f"https://files.example.com/brochures/{code}.pdf"},
        {"name": "Proposal", "url": f"https://files.example.com/proposals/{record_id}?lang=en"},
    ]


def _item(line: Line, at: int, main: Line) -> Row:
    sku = line.item.sku
    stamp = clock.text(at)
    return SHAPES["estimates.items"] | {
        "id": line.item_id,
        "skuAccount": f"{sku.kind} revenue",
        "description": line.item.text,
        "itemGroupName": f"{main.item.sku.label}, complete",
        "itemGroupRootId": main.item_id,
        "sku": {
            "id": line.item.id,
            "name": sku.code,
            "displayName": sku.label,
            "type": sku.kind,
            "soldHours": raw(sku.hours),
            "generalLedgerAccountId": line.item.account_id,
            "generalLedgerAccountName": f"{sku.kind} revenue",
            "modifiedOn": stamp,
        },
        "qty": raw("1.0000000000000000000"),
        "unitRate": number(sku.price, 10),
        "total": number(line.total, 10),
        "unitCost": number(sku.cost, 10),
        "totalCost": number(line.cost, 10),
        "createdOn": stamp,
        "modifiedOn": stamp,
        "chargeable": True,
    }

"""Estimates: open, sold or dismissed. Amounts are numbers here, with the scale of the database."""

from __future__ import annotations

from dataclasses import dataclass

from .. import clock
from ..dice import Dice
from ..money import number
from ..store import Row
from . import texts
from .billing import Line, tax
from .company import Company, raw
from .handles import JobKind, Sku, Technician
from .people import Customer, Location
from .shapes import SHAPES

STATUSES = ({"value": 0, "name": "Open"}, {"value": 1, "name": "Sold"}, {"value": 2, "name": "Dismissed"})
OPEN, SOLD, DISMISSED = STATUSES
_OUTCOMES = (SOLD, OPEN, DISMISSED, SOLD, DISMISSED)


@dataclass
class Estimate:
    """What was quoted during a job; `sold` are the ticks of the signature, None while it is not sold."""

    id: int
    job_id: int
    lines: list[Line]
    sold: int | None


def quote(
    company: Company,
    customer: Customer,
    location: Location,
    kind: JobKind,
    job_id: int,
    at: int,
    technician: Technician,
) -> Estimate:
    """Writes an estimate made at `at` during a job; the outcomes take turns."""
    dice = company.dice
    status = dice.in_turn("estimate status", _OUTCOMES)
    skus = company.skus[kind.unit.trade]
    record_id = company.ids.new()
    lines = [Line(item, 100, company.ids.new()) for item in (skus[-1], *skus[: dice.between(1, 4)])]
    total, option = sum(line.total for line in lines), "ABC"[len(lines) % 3]
    sold = min(company.later(at), at + dice.between(0, 20 * clock.DAY)) if status is SOLD else None
    modified = company.later(sold or at)
    company.store["estimates"].append(
        SHAPES["estimates"]
        | {
            "id": record_id,
            "jobId": job_id,
            "locationId": location.id,
            "customerId": customer.id,
            "name": f"{skus[-1].sku.label} — option {option}",
            "jobNumber": str(job_id),
            "status": status,
            "reviewStatus": "Approved" if sold else "None",
            "createdOn": clock.text(at),
            "modifiedOn": clock.text(modified),
            "summary": texts.estimate_summary(dice, skus[-1].sku.label, kind.unit.trade),
            "soldOn": clock.text(sold) if sold else None,
            "soldBy": technician.id if sold else None,
            "active": sold is not None or not dice.every("old estimate", 20),
            "items": [_item(line, at, lines[0]) for line in lines],
            "externalLinks": _links(skus[-1], record_id),
            "subtotal": number(total, 10),
            "tax": number(tax(lines)),
            "businessUnitId": kind.unit.id,
            "businessUnitName": kind.unit.name,
            "isRecommended": dice.chance(0.5),
            "isChangeOrder": dice.chance(0.05),
            "proposalTagName": "Best" if dice.chance(0.3) else None,
        }
        | _deposit(dice, total),
        at,
        modified,
    )
    return Estimate(record_id, job_id, lines, sold)


def _deposit(dice: Dice, total: int) -> Row:
    """A third of the customers sign with a deposit of a quarter."""
    if dice.chance(0.66):
        return {}
    return {
        "depositAmount": number(total // 4, 10),
        "depositPercent": raw("25.0000000000"),
        "requireDepositOnSignature": True,
    }


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

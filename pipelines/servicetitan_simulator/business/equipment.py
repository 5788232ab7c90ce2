"""Installed equipment: what stands at a location, with its warranties."""

from __future__ import annotations

from .. import clock
from ..money import number
from ..store import Row
from . import catalog, words
from .company import Company
from .shapes import SHAPES

YEAR = 365 * clock.DAY


def install(company: Company, customer_id: int, location_id: int, at: int, invoice_item: int | None = None) -> int:
    """Writes one piece of equipment and returns its id; without an invoice item it is older than the business."""
    dice = company.dice
    record_id = company.ids.new()
    model = dice.pick(company.models)
    since = at if invoice_item else at - dice.between(YEAR, 12 * YEAR)
    modified = dice.between(at, company.now)
    replaced = dice.every("replaced equipment", 12)
    company.store["installed_equipment"].append(
        SHAPES["installed_equipment"]
        | _warranty(since)
        | {
            "id": record_id,
            "active": not dice.every("inactive equipment", 33),
            "equipmentId": model.id,
            "locationId": location_id,
            "customerId": customer_id,
            "invoiceItemId": invoice_item,
            "name": model.name,
            "type": {"id": model.type_id, "name": model.name.split(",")[0]},
            "installedOn": clock.text(since),
            "createdOn": clock.text(at),
            "modifiedOn": clock.text(modified),
            "manufacturer": model.maker,
            "model": model.model,
            "serialNumber": f"{model.model}-{record_id:x}".upper(),
            "memo": dice.pick(words.EQUIPMENT_MEMOS),
            "barcodeId": f"{record_id * 7919 % 10**12:012d}",
            "cost": number(model.cost, 10),
            "status": "Replaced" if replaced else "Installed",
            "actualReplacementDate": clock.day_text(modified // clock.DAY) if replaced else None,
            "tags": [_tag(company, record_id, tag) for tag in dice.some((3, 5, 7), 0, 2)],
        },
        at,
        modified,
    )
    return record_id


def _warranty(since: int) -> Row:
    start, end = clock.midnight_text(since), clock.midnight_text(since + 10 * YEAR)
    return {
        "manufacturerWarrantyStart": start,
        "manufacturerWarrantyEnd": end,
        "serviceProviderWarrantyStart": start,
        "serviceProviderWarrantyEnd": clock.midnight_text(since + YEAR),
        "predictedReplacementMonths": 180,
        "manufacturedOn": clock.day_text(since // clock.DAY - 90),
        "predictedReplacementDate": clock.day_text((since + 15 * YEAR) // clock.DAY),
    }


def _tag(company: Company, owner: int, turn: int) -> Row:
    name, color, code, *_ = catalog.TAG_TYPES[turn]
    return {
        "id": company.ids.new(),
        "ownerId": owner,
        "typeId": company.tags[turn],
        "typeName": name,
        "memo": "set by the technician on the last visit",
        "color": color,
        "textColor": "#FFFFFF",
        "code": code,
    }

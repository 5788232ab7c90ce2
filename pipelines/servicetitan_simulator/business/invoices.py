"""Invoices: a bill and its payments become a record; the open rest goes to the customer's balance.

Every amount of the row is a text such as "125.00" (specification).
"""

from __future__ import annotations

import msgspec

from .. import clock
from ..money import money
from ..store import Row
from . import texts
from .billing import Bill, Line, batch, untyped_values
from .company import Company
from .payments import collect
from .shapes import SHAPES

_TYPES = {"JobInvoice": "Service", "CounterSales": "Sale", "MembershipInvoice": "Membership"}


def bill(company: Company, bill: Bill) -> None:
    """Writes the payments that came in so far, then the invoice, and books the open rest on the customer."""
    if bill.done is not None and bill.total:
        collect(company, bill)
    touched = max(filter(None, (bill.created, bill.done, bill.paid_on)))
    modified = company.later(touched)
    row = invoice_row(company, bill) | {"modifiedOn": clock.text(modified)}
    if company.dice.every("invoice never modified", 250):
        row["modifiedOn"], modified = None, bill.created
    company.store["invoices"].append(row, bill.created, modified)
    bill.customer.balance += bill.total - bill.paid
    bill.customer.modified = max(bill.customer.modified, touched)


def invoice_row(company: Company, bill: Bill) -> Row:
    """The invoice's record, modifiedOn excepted."""
    dice = company.dice
    _, term, days = dice.pick(company.terms)
    date = bill.done or bill.created
    settled = bill.done is not None
    posted = settled and company.now - date > 20 * clock.DAY
    row = (
        SHAPES["invoices"]
        | totals(bill)
        | _parties(bill)
        | {
            "id": bill.id,
            "syncStatus": "Exported" if posted else "Posted" if settled else "Pending",
            "referenceNumber": bill.number,
            "invoiceDate": clock.midnight_text(date),
            "taxZoneId": company.tax_zone,
            "dueDate": clock.midnight_text(date + days * clock.DAY),
            "termName": term,
            "active": bill.active,
            "createdOn": clock.text(bill.created),
            "sentStatus": "Sent" if settled else "NotSent",
            "summary": texts.invoice_summary(dice, bill.unit.trade),
            "reviewStatus": "Reviewed" if posted else "NeedsReview",
            "invoiceConfiguration": bill.configuration,
            "invoiceType": company.invoice_types[_TYPES[bill.configuration]],
            "membershipId": bill.customer.membership,
            "commissionEligibilityDate": clock.midnight_text(date) if settled else None,
            "customFields": untyped_values(company, "invoices"),
            "items": [_item(company, bill, line, order) for order, line in enumerate(bill.lines, 1)] or None,
            "salesTaxCode": {"id": company.tax_code, "name": "State + city", "taxRate": msgspec.Raw(b"0.0825000000")},
        }
    )
    if posted:
        row |= _posted(company, bill, date)
    return row


def _parties(bill: Bill) -> Row:
    """For whom, where, by whom and for which work."""
    row: Row = {
        "customer": bill.customer.reference,
        "customerAddress": bill.customer.short,
        "businessUnit": bill.unit.reference,
        "createdBy": "dispatch.desk",
        "job": bill.job,
        "projectId": bill.project_id,
    }
    if bill.location:
        row |= {"location": bill.location.reference, "locationAddress": bill.location.short}
    if bill.technician:
        employee = {"id": bill.technician.id, "name": bill.technician.name, "modifiedOn": clock.text(bill.created)}
        row |= {"employeeInfo": employee, "assignedTo": {"id": bill.technician.id, "name": bill.technician.name}}
    return row


def _posted(company: Company, bill: Bill, date: int) -> Row:
    """What accounting adds when the invoice has gone to the ledger."""
    day, sent = clock.midnight_text(date), clock.text(date + 12 * clock.DAY)
    return {
        "batch": batch(company, date),
        "depositedOn": clock.midnight_text(bill.paid_on) if bill.paid_on else None,
        "royalty": {"status": "Sent", "date": day, "sentOn": sent, "memo": "monthly royalty report"},
        "exportId": f"QB-{bill.id:x}".upper(),
    }


def totals(bill: Bill) -> Row:
    """The amounts of an invoice row."""
    closed = bill.paid_on is not None and bill.paid >= bill.total
    return {
        "subTotal": money(bill.sub_total),
        "salesTax": money(bill.tax),
        "total": money(bill.total),
        "balance": money(bill.total - bill.paid),
        "paidOn": clock.midnight_text(bill.paid_on) if closed and bill.paid_on else None,
    }


def _item(company: Company, bill: Bill, line: Line, order: int) -> Row:
    sku = line.item.sku
    stamp = clock.text(bill.created + order)
    stock = _stock(company, bill) if sku.kind == "Material" else {}
    return (
        SHAPES["invoices.items"]
        | stock
        | {
            "id": line.item_id,
            "description": line.item.text,
            "itemGroup": {"rootId": bill.lines[0].item_id, "name": f"{bill.lines[0].item.sku.label}, complete"},
            "quantity": money(line.quantity),
            "cost": money(sku.cost),
            "totalCost": money(line.cost),
            "price": money(sku.price),
            "type": sku.kind,
            "skuName": sku.code,
            "skuId": line.item.id,
            "total": money(line.total),
            "inventory": sku.kind == "Material",
            "taxable": sku.taxable,
            "generalLedgerAccount": line.item.account,
            "displayName": sku.label,
            "costOfSaleAccount": line.item.cost_account,
            "assetAccount": line.item.asset_account,
            "soldHours": msgspec.Raw(sku.hours.encode()),
            "createdOn": stamp,
            "modifiedOn": stamp,
            "serviceDate": clock.midnight_text(bill.done or bill.created),
            "order": order,
            "businessUnit": bill.unit.reference,
            "createdById": company.office[1],
            "memberPrice": money(sku.price * 9 // 10),
            "displayInAmount": True,
            "technicianId": bill.technician.id if bill.technician else None,
            "estimateItemId": line.estimate_item,
        }
    )


def _stock(company: Company, bill: Bill) -> Row:
    """The truck that the part was taken from."""
    owner = bill.technician.name if bill.technician else "Shop"
    return {
        "inventoryLocationId": company.zones[0],
        "inventoryLocation": f"Truck of {owner}",
        "inventoryStatus": "Posted",
    }

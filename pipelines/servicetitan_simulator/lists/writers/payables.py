"""What the company owes its vendors: a bill a receipt, a credit a return, a payment for most bills."""

from __future__ import annotations

from collections.abc import Iterator

from ... import clock
from ...money import cents, money, number
from ...store import Row
from ..desk import Desk, Made

DUE = 30 * clock.DAY


def inventory_bills(desk: Desk) -> Iterator[Made]:
    """The vendor's bill for each receipt; its amounts are texts."""
    yield from _bills(desk)


def ap_bills(desk: Desk) -> Iterator[Made]:
    """The same bills as accounts payable shows them, under the same ids."""
    ids = {row["purchaseOrderId"]: row["id"] for row in desk.rows("inventory_bills")}
    for turn, made in enumerate(_bills(desk)):
        made.id = ids[made.fields["purchaseOrderId"]]
        made.fields |= {"status": "Reconciled", "source": "Purchasing", "billType": "Procurement", "doNotPay": False}
        canceled = clock.text(desk.later(made.created)) if turn % 30 == 3 else None
        who = {"id": desk.company.office[4], "name": "Noor Halvorsen"} if canceled else None
        made.fields |= {"dateCanceled": canceled, "canceledBy": who}
        yield made


def _bills(desk: Desk) -> Iterator[Made]:
    sellers = {row["id"]: row["name"] for row in desk.rows("vendors")}
    numbers = {job.id: job.jobNumber for job in desk.books.jobs}
    for receipt in desk.rows("receipts"):
        at, amount = clock.ticks(receipt["createdOn"]), cents(receipt["receiptAmount"])
        fields: Row = {
            "purchaseOrderId": receipt["purchaseOrderId"],
            "syncStatus": "Exported" if desk.now - at > 20 * clock.DAY else "Pending",
            "referenceNumber": receipt["number"].replace("R-", "B-"),
            "vendorNumber": f"V{receipt['id'] % 99_991}",
            "billDate": clock.midnight_text(at),
            "billAmount": money(amount + cents(receipt["taxAmount"])),
            "taxAmount": money(cents(receipt["taxAmount"])),
            "shippingAmount": "0.00",
            "termName": "Net 30",
            "dueDate": clock.midnight_text(at + DUE),
            "businessUnit": desk.reference(desk.books.units, receipt["businessUnitId"]),
            "vendor": desk.reference(sellers, receipt["vendorId"]),
            "jobId": receipt["jobId"],
            "jobNumber": numbers.get(receipt["jobId"]),
            "items": [_item(desk, item, order) for order, item in enumerate(receipt["items"], 1)],
        }
        yield Made(fields, at)


def _item(desk: Desk, item: Row, order: int) -> Row:
    facts = {"name": item["name"], "description": item["description"], "skuId": item["skuId"], "skuCode": item["code"]}
    amounts = {"quantity": money(cents(item["quantity"])), "cost": money(cents(item["cost"]))}
    return desk.part("items[]", id=item["id"] + 1, order=order, receiptItemId=item["id"], **facts, **amounts)


def ap_credits(desk: Desk) -> Iterator[Made]:
    """What a vendor gives back for a return."""
    sellers = {row["id"]: row["name"] for row in desk.rows("vendors")}
    bills = {row["purchaseOrderId"]: row["id"] for row in desk.rows("inventory_bills")}
    for back in desk.rows("returns"):
        at, amount = clock.ticks(back["createdOn"]), back["returnAmount"]
        split = {"inventoryBillId": bills.get(back["purchaseOrderId"], 0), "amount": amount, "createdOn": clock.text(at)}
        fields: Row = {
            "inventoryReturnId": back["id"],
            "jobId": back["jobId"],
            "date": clock.midnight_text(at),
            "canceledOn": None,
            "number": back["number"].replace("RT-", "VC-"),
            "amount": amount,
            "appliedAmount": amount,
            "status": "Unreconciled",
            "businessUnit": desk.reference(desk.books.units, back["businessUnitId"]),
            "vendor": desk.reference(sellers, back["vendorId"]),
            "splits": [desk.part("splits[]", id=desk.ids.new(), active=True, **split)],
        }
        yield Made(fields, at)


def ap_payments(desk: Desk) -> Iterator[Made]:
    """Every bill that was due is paid, three in four."""
    for turn, bill in enumerate(desk.rows("ap_bills")):
        due, amount = clock.ticks(bill["dueDate"]), number(cents(bill["billAmount"]), 4)
        if turn % 4 == 3 or due > desk.now:
            continue
        split = {"documentId": bill["id"], "inventoryBillId": bill["id"], "amount": amount, "createdOn": clock.text(due)}
        fields: Row = {
            "date": clock.midnight_text(due),
            "approvedDate": clock.midnight_text(due),
            "method": "AccountingSystem",
            "name": f"Check {5_000 + turn}",
            "amount": amount,
            "errorMessage": None,
            "status": "Paid",
            "businessUnit": bill["businessUnit"],
            "vendor": bill["vendor"],
            "splits": [desk.part("splits[]", id=desk.ids.new(), active=True, **split)],
        }
        yield Made(fields, due, active=turn % 60 != 5)


LISTS = {
    "inventory_bills": inventory_bills,
    "ap_bills": ap_bills,
    "ap_credits": ap_credits,
    "ap_payments": ap_payments,
}

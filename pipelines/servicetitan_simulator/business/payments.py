"""Payments: what customers pay for their bills, when, and what bounces. Amounts are cents; rows hold texts."""

from __future__ import annotations

from .. import clock
from ..money import money
from ..store import Row
from . import words
from .billing import Bill, batch, untyped_values
from .company import Company
from .shapes import SHAPES


def collect(company: Company, bill: Bill) -> None:
    """Lets the customer pay in full, in two parts, in part or not at all: the older the bill, the likelier paid."""
    dice = company.dice
    amounts = [bill.total]
    if _still_open(company, bill):
        amounts = [bill.total // 3] if dice.every("part payment", 3) else []
    elif dice.every("two payments", 4):
        amounts = [bill.total // 2, bill.total - bill.total // 2]
    for amount in filter(None, amounts):
        at = company.later(bill.paid_on or bill.done or bill.created)
        bill.paid, bill.paid_on = bill.paid + amount, min(at, (bill.paid_on or bill.done or at) + 30 * clock.DAY)
        pay(company, bill, amount, bill.paid_on)


def _still_open(company: Company, bill: Bill) -> bool:
    age = (company.now - (bill.done or bill.created)) // clock.DAY
    share = next((share for days, share in ((30, 0.5), (60, 0.35), (90, 0.2)) if age < days), 0.01)
    return company.dice.every("open invoice", 150) or company.dice.chance(share)


def pay(company: Company, bill: Bill, amount: int, at: int) -> int:
    """Writes one payment of `amount` cents for the bill and, now and then, an inactive twin that was voided."""
    dice = company.dice
    if dice.every("voided payment", 33):
        write_payment(company, bill, amount, at, applied=0, active=False)
    extra = 5_000 if dice.every("overpayment", 90) else 0
    return write_payment(company, bill, amount + extra, at, applied=amount)


def write_payment(company: Company, bill: Bill, amount: int, at: int, applied: int, active: bool = True) -> int:
    """Writes a payment of `amount` cents of which `applied` cents reduce the bill; returns its id."""
    dice = company.dice
    record_id = company.ids.new()
    kind, kind_id = dice.pick(company.payment_types)
    modified = company.later(at)
    settled = company.now - at > 10 * clock.DAY
    company.store["payments"].append(
        SHAPES["payments"]
        | {
            "id": record_id,
            "active": active,
            "appliedTo": [_application(company, bill, applied, at)] if applied else [],
            "authCode": f"{dice.between(100_000, 999_999)}" if kind == "Credit Card" else None,
            "checkNumber": str(dice.between(100, 9_999)) if kind == "Check" else None,
            "businessUnit": bill.unit.reference,
            "createdBy": "front.office",
            "createdOn": clock.text(at),
            "modifiedOn": clock.text(modified),
            "customer": bill.customer.reference,
            "customFields": untyped_values(company, "payments"),
            "date": clock.midnight_text(at),
            "generalLedgerAccount": company.cash_account,
            "type": kind,
            "typeId": kind_id,
            "memo": dice.pick(words.PAYMENT_MEMOS) if active else "<p>returned by the bank</p>",
            "referenceNumber": f"R{record_id}",
            "syncStatus": "Exported" if settled else "Pending",
            "batch": batch(company, at) if settled else None,
            "deposit": _deposit(company, at) if settled else None,
            "total": money(amount),
            "unappliedAmount": money(amount - applied),
        },
        at,
        modified,
    )
    return record_id


def _application(company: Company, bill: Bill, amount: int, at: int) -> Row:
    return SHAPES["payments.appliedTo"] | {
        "appliedAmount": money(amount),
        "appliedBy": "front.office",
        "appliedId": company.ids.new(),
        "appliedOn": clock.text(at),
        "appliedTo": bill.id,
        "appliedToReferenceNumber": bill.number,
    }


def _deposit(company: Company, at: int) -> Row:
    return {"id": company.deposits + at // clock.DAY, "name": f"Deposit {clock.day_text(at // clock.DAY)}"}

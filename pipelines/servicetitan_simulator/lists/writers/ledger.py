"""Accounting: accounts, terms and types of payment, deposits, credit memos, and the items of the invoices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from ... import clock
from ...business import catalog
from ...money import cents, number
from ...store import Row
from ..desk import Desk, Made

MEMOS = 70  # one invoice in so many gets a credit memo


class Items(msgspec.Struct):
    """An invoice's items as they stand there."""

    id: int
    createdOn: str
    modifiedOn: str | None
    active: bool
    items: list[dict[str, Any]] | None


class Paid(msgspec.Struct):
    """A payment and the deposit that it went into."""

    date: str
    total: str
    deposit: dict[str, Any] | None


def invoice_items(desk: Desk) -> Iterator[Made]:
    """The invoices' own items, with their ids; those of an inactive invoice are inactive."""
    for invoice in desk.books.read("invoices", Items):
        changed = clock.ticks(invoice.modifiedOn or invoice.createdOn)
        for item in invoice.items or ():
            fields = {key: _exact(value) for key, value in item.items() if key in desk.blanks.fields()}
            at = clock.ticks(item["createdOn"])
            yield Made(fields | {"invoiceId": invoice.id}, at, max(at, changed), item["id"], invoice.active)


def _exact(value: Any) -> Any:
    """A number with decimals as the invoices write it: soldHours."""
    return msgspec.Raw(f"{value:g}".encode()) if isinstance(value, float) else value


def gl_accounts(desk: Desk) -> Iterator[Made]:
    """Every account that an item, a payment or a stock names, and one that is closed."""
    company = desk.company
    skus = [sku for skus in company.skus.values() for sku in skus] + [company.membership, company.counter_sale]
    named = [*(sku.account for sku in skus), company.cost_account, company.asset_account, company.cash_account]
    for turn, account in enumerate(msgspec.json.decode(each) for each in named):
        number = {"name": account["name"], "number": f"{account['number']}-{turn:02d}", "type": account["type"]}
        yield Made(number | {"subtype": account["detailType"]}, desk.founding(), id=account["id"])
    closed = {"name": "Petty cash (old)", "number": "1099", "type": "Asset", "subtype": "Cash"}
    yield Made(closed, desk.founding(), active=False)


def payment_terms(desk: Desk) -> Iterator[Made]:
    """The customers' terms, and one that is not used any more."""
    for id, name, days in desk.company.terms:
        fields = {"name": name, "dueDayType": "NumberOfDays", "dueDay": days, "isCustomerDefault": not days}
        yield Made(fields, desk.founding(), id=id)
    yield Made({"name": "Net 90 (old)", "dueDayType": "NumberOfDays", "dueDay": 90}, desk.founding(), active=False)


def payment_types(desk: Desk) -> Iterator[Made]:
    """Those of the payments; the list shows of a type that is inactive no more than that it is one."""
    for name, id in desk.company.payment_types:
        yield Made({"name": name}, desk.founding(), id=int(id))
    yield Made({"name": "Traveler's check"}, desk.founding(), active=False)


def tax_zones(desk: Desk) -> Iterator[Made]:
    """The zone of all invoices, and one that is not used any more."""
    rate = number(catalog.TAX_RATE, 4)
    rates = [desk.part("rates[]", id=desk.company.tax_code, taxName="State + city", taxRate=rate)]
    yield Made({"name": "Marrow Springs", "rates": rates}, desk.founding(), id=desk.company.tax_zone)
    yield Made({"name": "Old county", "rates": rates}, desk.founding(), active=False)


def bank_deposits(desk: Desk) -> Iterator[Made]:
    """The payments of a day, brought to the bank together."""
    days: dict[int, tuple[str, str, int]] = {}
    for paid in desk.books.read("payments", Paid):
        if paid.deposit:
            _, _, amount = days.get(paid.deposit["id"], ("", "", 0))
            days[paid.deposit["id"]] = (paid.deposit["name"], paid.date, amount + cents(paid.total))
    for id, (name, day, amount) in days.items():
        gross = number(amount, 4)
        fields = {"name": name, "depositDate": day, "grossAmount": gross, "netAmount": gross, "fees": number(0)}
        at = min(clock.ticks(day) + 18 * clock.HOUR, desk.now)
        yield Made(fields | {"depositStatus": "Deposited", "createdBy": "front.office"}, at, id=id)


def credit_memos(desk: Desk) -> Iterator[Made]:
    """A part of what an invoice asked for is taken back."""
    asked = [invoice for invoice in desk.books.invoices if cents(invoice.total) > 10_000]
    for turn, invoice in enumerate(asked[::MEMOS]):
        at, amount = desk.later(clock.ticks(invoice.createdOn)), cents(invoice.total) // 5
        day = clock.text(at)[:10]
        applied = {"appliedTo": invoice.id, "appliedOn": day, "appliedAmount": number(amount, 4)}
        reference = {"appliedToReferenceNumber": invoice.referenceNumber, "appliedId": desk.ids.new()}
        fields: Row = {
            "date": day,
            "referenceNumber": f"CM-{1_000 + turn}",
            "subTotal": number(amount, 4),
            "salesTax": number(0),
            "total": number(amount, 4),
            "balance": number(0 if turn % 3 else amount, 4),
            "appliedTo": [desk.part("appliedTo[]", **applied, **reference)] if turn % 3 else [],
            "customer": msgspec.to_builtins(invoice.customer),
            "location": msgspec.to_builtins(invoice.location),
            "businessUnit": msgspec.to_builtins(invoice.businessUnit),
        }
        yield Made(fields, at, active=turn % 20 != 9)


def credit_memo_items(desk: Desk) -> Iterator[Made]:
    """One item a memo."""
    sku = desk.company.skus["Plumbing"][0]
    for memo in desk.rows("credit_memos"):
        facts = {"skuName": sku.sku.code, "skuId": sku.id, "type": sku.sku.kind, "businessUnit": memo["businessUnit"]}
        amounts = {"quantity": number(100, 4), "cost": number(0), "price": memo["total"], "total": memo["total"]}
        at = clock.ticks(memo["createdOn"])
        yield Made(facts | amounts | {"creditMemoId": memo["id"]}, at, active=memo["active"])


LISTS = {
    "invoice_items": invoice_items,
    "gl_accounts": gl_accounts,
    "payment_terms": payment_terms,
    "payment_types": payment_types,
    "tax_zones": tax_zones,
    "bank_deposits": bank_deposits,
    "credit_memos": credit_memos,
    "credit_memo_items": credit_memo_items,
}

"""The facts of the optional lists, a file a theme; lists that no theme has are filled by their fields' types alone.

telephone    calls, leads, bookings, contacts          purchasing   vendors, stock, purchase orders, receipts, returns
membership   memberships and their recurring services  payables     bills, credits and payments of vendors
work         notes, history, cancellations, ratings    ledger       accounts, terms, deposits, credit memos, items
dispatch     shifts, teams, skills, zones, absences    pricebook    services, materials, equipment, categories
pay          timesheets, payrolls, what is paid        marketing    categories and costs of campaigns, reviews
people       employees, roles, tasks, forms            sales        the estimates' items, agreements
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..desk import Desk, Made
from . import (
    dispatch,
    ledger,
    marketing,
    membership,
    pay,
    payables,
    people,
    pricebook,
    purchasing,
    sales,
    telephone,
    work,
)

Writer = Callable[[Desk], Iterable[Made]]
WRITERS: dict[str, Writer] = {
    name: writer
    for theme in (
        telephone, membership, work, dispatch, pay, people, purchasing, payables, ledger, pricebook, marketing, sales
    )
    for name, writer in theme.LISTS.items()
}  # fmt: skip

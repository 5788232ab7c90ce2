"""The whole made-up business: plays its calls from the first to the last day and leaves the records in the store.

    demand.calls -> welcome a customer or serve a known one -> jobs.book -> customers' records at the end

The same seed, number of customers and day give the same bytes.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace

from .. import clock
from ..dice import Dice, Ids
from ..endpoints import TABLES, TRACED_TABLES
from ..lists.filling import Filling
from ..store import Store
from . import catalog, demand
from .billing import Bill, Estimate, Line
from .company import Company
from .handles import JobKind
from .invoices import bill
from .jobs import book
from .people import Customer, Location, duplicate, welcome, write
from .projects import Project, write_project
from .visits import JOB_STATUSES, Visit

JOBS_PER_CUSTOMER = 2.5


@dataclass
class Business:
    """`customers` people known so far; `agreed` visits, of sold estimates and of projects, that wait for their day."""

    company: Company
    customers: list[Customer] = field(default_factory=list)
    duplicates: list[Customer] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    agreed: deque[Visit] = field(default_factory=deque)


def build(customers: int, seed: int, now: int) -> Company:
    """A business of `customers` customers whose history ends at `now` (ticks); returns it with a full store."""
    if customers < 1:
        raise ValueError("a business needs a customer")
    dice = Dice(seed)
    company = Company(Store(TABLES, TRACED_TABLES), dice, Ids(dice), now - (365 * demand.YEARS + 60) * clock.DAY, now)
    business = Business(company)
    calls = demand.calls(dice, int(customers * JOBS_PER_CUSTOMER), now)
    for turn, at in enumerate(calls):
        known = len(business.customers) + len(business.duplicates)
        if known * JOBS_PER_CUSTOMER <= turn:
            _meet(business, at)
        _serve(business, at, _last_statuses(len(calls) - turn), new=known * JOBS_PER_CUSTOMER <= turn)
    for customer in sorted(business.customers + business.duplicates, key=lambda customer: customer.id):
        write(company, customer)
    for project in business.projects:
        write_project(company, project)
    company.store.make = Filling(company, seed).table
    return company


def _last_statuses(calls_left: int) -> str:
    """The last calls take one status each, so that even a small business has every status."""
    return JOB_STATUSES[calls_left - 1] if calls_left <= len(JOB_STATUSES) else ""


def _meet(business: Business, at: int) -> None:
    """A new customer, or a known one that is entered twice by mistake."""
    dice = business.company.dice
    if business.customers and dice.every("duplicate", 60):
        business.duplicates.append(duplicate(business.company, dice.pick(business.customers), at))
    else:
        business.customers.append(welcome(business.company, at))


def _serve(business: Business, at: int, status: str, new: bool) -> None:
    company = business.company
    visit = _visit(business, at, new)
    if visit.kind.work == "Install" and not visit.project and company.dice.every("project", 3):
        _open_project(business, visit)
    _schedule(company, visit, status)
    book(company, visit)
    if visit.sold and company.dice.chance(0.3):
        _agree(business, visit, _kind_for(company, visit.kind, "Install"), visit.sold.sold or at, visit.sold)
    if company.dice.every("counter sale", 60):
        sell_over_the_counter(company, visit.customer, at)


def _visit(business: Business, at: int, new: bool) -> Visit:
    """What the call is about: work that was agreed on, a recall, or something new."""
    dice = business.company.dice
    if not new and business.agreed and business.agreed[0].booked < at:
        return replace(business.agreed.popleft(), booked=at, start=at)
    customer = business.customers[-1] if new else _known_customer(business)
    kind = wanted_kind(business.company, customer, at)
    recall = customer.last_job if kind.work == "Recall" else None
    return Visit(customer, dice.pick(customer.locations), kind, at, at, "", recall_for=recall)


def _agree(business: Business, before: Visit, kind: JobKind, at: int, estimate: Estimate | None = None) -> None:
    """Another visit at the same place, from `at` on."""
    visit = Visit(before.customer, before.location, kind, at, at, "", estimate=estimate, project=before.project)
    business.agreed.append(visit)


def _open_project(business: Business, visit: Visit) -> None:
    """The visit becomes the first of a project; one or two inspections follow."""
    company = business.company
    visit.project = Project(company.ids.new(), visit.customer, visit.location, visit.kind, visit.booked)
    business.projects.append(visit.project)
    inspection = _kind_for(company, visit.kind, "Inspection")
    for turn in range(company.dice.between(1, 3)):
        _agree(business, visit, inspection, visit.booked + (7 + 14 * turn) * clock.DAY)


def _known_customer(business: Business) -> Customer:
    """Anybody who has not left; the newest one when all have."""
    picks = (business.company.dice.pick(business.customers) for _ in range(20))
    return next((customer for customer in picks if customer.row["active"]), business.customers[-1])


def wanted_kind(company: Company, customer: Customer, at: int) -> JobKind:
    """A job type by its share among those in season; a recall only after an earlier job."""
    kinds, shares = company.wanted[demand.month_of(at)]
    kind = company.dice.choices(kinds, shares)[0]
    return kind if kind.work != "Recall" or customer.last_job else wanted_kind(company, customer, at)


def _kind_for(company: Company, kind: JobKind, work: str) -> JobKind:
    """The job type of the same trade for this work: Install for what an estimate sold, Inspection after it."""
    trade = kind.unit.trade
    return next(other for other in company.kinds if other.unit.trade == trade and other.work == work)


def _schedule(company: Company, visit: Visit, status: str) -> None:
    """Sets start, status and completion; `status` "" lets time and chance decide."""
    dice = company.dice
    day = visit.booked // clock.DAY + dice.pick((0, 1, 1, 2, 3, 7))
    visit.start = max(visit.booked, day * clock.DAY + dice.between(14, 22) * clock.HOUR)
    visit.status = status or _fate(company, visit)
    if visit.status == "Scheduled" and visit.start <= company.now:
        visit.start = company.now + dice.between(1, 7) * clock.DAY + 15 * clock.HOUR
    elif visit.status in ("Dispatched", "InProgress") or (visit.end > company.now and visit.status == "Completed"):
        visit.start = (visit.booked + company.now) // 2
    if visit.status == "Completed":
        late = visit.end + dice.between(0, 40 * clock.MINUTE)
        visit.done = min(late, (visit.start + company.now) // 2)


def _fate(company: Company, visit: Visit) -> str:
    if company.dice.every("canceled", 17):
        return "Canceled"
    if visit.start > company.now:
        return "Scheduled"
    if visit.end > company.now:
        return "InProgress"
    return "Hold" if company.dice.every("on hold", 70) else "Completed"


def sell_over_the_counter(company: Company, customer: Customer, at: int) -> int:
    """An invoice without a job: a membership or a counter sale, in turn; returns its id."""
    configuration = company.dice.in_turn("counter", ("CounterSales", "MembershipInvoice"))
    item = company.membership if configuration == "MembershipInvoice" else company.counter_sale
    unit = company.units[catalog.UNITS[2].name]
    record_id = company.ids.new()
    location: Location | None = customer.locations[0] if configuration == "MembershipInvoice" else None
    lines = [Line(item, 100, company.ids.new())]
    bill(
        company,
        Bill(
            record_id,
            customer,
            unit,
            at,
            at,
            str(record_id),
            location,
            configuration=configuration,
            lines=lines,
        ),
    )
    return record_id

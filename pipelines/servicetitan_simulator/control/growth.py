"""New records for a running business: each one belongs to what is already there.

    grow(company, "jobs") -> id of a new job of an existing customer, its appointment and invoice written along

`company.now` must be the server's time: new records are created and modified then.
"""

from __future__ import annotations

from collections.abc import Callable

from .. import clock
from ..business.appointments import add_appointment, assign
from ..business.billing import Bill
from ..business.company import Company
from ..business.contacts import add_contact
from ..business.equipment import install
from ..business.estimates import quote
from ..business.handles import Unit
from ..business.history import sell_over_the_counter, wanted_kind
from ..business.jobs import book
from ..business.payments import pay, write_payment
from ..business.people import Customer, known, settle, welcome, write
from ..business.projects import Project, write_project
from ..business.shapes import SHAPES
from ..business.visits import Visit
from ..money import cents, money
from ..store import Row
from .copies import copy
from .updates import any_row, customer_of, owe, patch


def grow(company: Company, table: str) -> int:
    """Adds one record to a table and what must come with it; returns its id. KeyError when nothing fits."""
    adder = ADDERS.get(table)
    return adder(company) if adder else copy(company, company.store[table])


def _any_customer(company: Company) -> Customer:
    """An active customer at one of its active locations."""
    customers = company.store["customers"]

    def served(location: Row) -> bool:
        customer_id = location["customerId"]
        return customer_id in customers and customers.row(customer_id)["active"] is True

    return customer_of(company, any_row(company, "locations", served)["id"])


def _add_customer(company: Company) -> int:
    customer = welcome(company, company.now)
    write(company, customer)
    return customer.id


def _add_location(company: Company) -> int:
    return settle(company, _any_customer(company), company.now, turn=1).id


def _add_job(company: Company) -> int:
    """A job booked now for the next days, with its appointment and its empty invoice."""
    visit = _new_visit(company)
    book(company, visit)
    return visit.job_id


def _add_project(company: Company) -> int:
    """A project with its first job."""
    visit = _new_visit(company)
    visit.project = Project(company.ids.new(), visit.customer, visit.location, visit.kind, company.now)
    book(company, visit)
    write_project(company, visit.project)
    return visit.project.id


def _new_visit(company: Company) -> Visit:
    customer = _any_customer(company)
    start = company.now // clock.DAY * clock.DAY + company.dice.between(30, 160) * clock.HOUR
    kind = wanted_kind(company, customer, company.now)
    return Visit(customer, customer.locations[0], kind, company.now, start, "Scheduled")


def _visit_of(company: Company, job: Row) -> Visit:
    customer = customer_of(company, job["locationId"])
    [place] = customer.locations
    kind = next(kind for kind in company.kinds if kind.id == job["jobTypeId"])
    crew = company.dice.pick(company.technicians[kind.unit.name])
    start = company.now + company.dice.between(1, 9) * clock.DAY
    return Visit(
        customer,
        place,
        kind,
        company.now,
        start,
        "Scheduled",
        project=Project(job["projectId"], customer, place, kind, company.now) if job["projectId"] else None,
        job_id=job["id"],
        crew=crew,
    )


def _add_estimate(company: Company) -> int:
    """An estimate for a known job; the job names it."""
    job = any_row(company, "jobs")
    visit = _visit_of(company, job)
    made = quote(company, visit, company.now)
    patch(company, "jobs", job["id"], {"estimateIds": [*job["estimateIds"], made.id]})
    return made.id


def _add_appointment(company: Company) -> int:
    job = any_row(company, "jobs", lambda row: row.get("jobStatus") != "Canceled")
    visit = _visit_of(company, job)
    record_id = add_appointment(company, visit, visit.start, job["appointmentCount"] + 1)
    changes = {"appointmentCount": job["appointmentCount"] + 1, "lastAppointmentId": record_id}
    patch(company, "jobs", job["id"], changes)
    return record_id


def _add_assignment(company: Company) -> int:
    appointment = any_row(company, "appointments")
    visit = _visit_of(company, company.store["jobs"].row(appointment["jobId"]))
    crew = company.dice.pick(company.technicians[visit.kind.unit.name])
    return assign(company, visit, appointment["id"], crew, "Scheduled")


def _add_invoice(company: Company) -> int:
    """A membership or counter sale; what is not paid at once goes to the customer's balance."""
    customer = _any_customer(company)
    record_id = sell_over_the_counter(company, customer, company.now)
    owe(company, customer.id, customer.balance)
    return record_id


def _add_payment(company: Company) -> int:
    """Pays an open invoice in full; without one it is a deposit that is not applied."""
    try:
        row = any_row(company, "invoices", lambda row: cents(row.get("balance") or 0) > 0)
    except KeyError:
        return _add_deposit(company)
    customer = known(company, company.store["customers"].row(row["customer"]["id"]), _BILL_TO | row["customer"])
    invoice = Bill(row["id"], customer, _unit(company, row), company.now, None, row["referenceNumber"])
    amount = cents(row["balance"])
    record_id = pay(company, invoice, amount, company.now)
    patch(company, "invoices", row["id"], {"balance": money(0), "paidOn": clock.midnight_text(company.now)})
    owe(company, customer.id, -amount)
    return record_id


_BILL_TO: Row = {"address": dict.fromkeys(("street", "unit", "city", "state", "zip", "country"))}


def _add_deposit(company: Company) -> int:
    customer = _any_customer(company)
    unit = next(iter(company.units.values()))
    record_id = company.ids.last
    deposit = Bill(record_id, customer, unit, company.now, None, str(record_id))
    return write_payment(company, deposit, 10_000, company.now, applied=0)


def _unit(company: Company, invoice: Row) -> Unit:
    return next(unit for unit in company.units.values() if unit.id == invoice["businessUnit"]["id"])


def _add_equipment(company: Company) -> int:
    customer = _any_customer(company)
    return install(company, customer.id, customer.locations[0].id, company.now)


def _add_customer_contact(company: Company) -> int:
    row = SHAPES["customer_contacts"] | {"customerId": _any_customer(company).id}
    return add_contact(company, "customer_contacts", row, "Email", company.now)


def _add_location_contact(company: Company) -> int:
    row = SHAPES["location_contacts"] | {"locationId": _any_customer(company).locations[0].id}
    return add_contact(company, "location_contacts", row, "MobilePhone", company.now)


ADDERS: dict[str, Callable[[Company], int]] = {
    "customers": _add_customer,
    "locations": _add_location,
    "jobs": _add_job,
    "projects": _add_project,
    "estimates": _add_estimate,
    "appointments": _add_appointment,
    "appointment_assignments": _add_assignment,
    "invoices": _add_invoice,
    "payments": _add_payment,
    "installed_equipment": _add_equipment,
    "customer_contacts": _add_customer_contact,
    "location_contacts": _add_location_contact,
}

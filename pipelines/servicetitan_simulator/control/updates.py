"""Changes to records that keep the business consistent: a job completed, an amount owed.

`company.now` must be the server's time: changed records are modified then.
"""

from __future__ import annotations

from collections.abc import Callable

from .. import clock
from ..business.billing import Bill
from ..business.company import Company
from ..business.handles import JobKind
from ..business.invoices import invoice_row
from ..business.jobs import sell
from ..business.people import Customer, known
from ..money import cents, number
from ..store import Row

OPEN_STATUSES = ("Scheduled", "Dispatched", "InProgress", "Hold")
TRIES = 300


def patch(company: Company, table: str, record_id: int, changes: Row) -> None:
    """Changes some fields of a record and its modifiedOn."""
    row = company.store[table].row(record_id) | changes
    company.store[table].put(record_id, row | {"modifiedOn": clock.text(company.now)})


def any_row(company: Company, table: str, fits: Callable[[Row], bool] = lambda row: True) -> Row:
    """A random active row that fits; KeyError when none is found in some hundred tries."""
    columns = company.store[table]
    for _ in range(TRIES if len(columns) else 0):
        at = company.dice.between(0, len(columns))
        row = columns.readable(at) if columns.active[at] else None
        if row and fits(row):
            return row
    raise KeyError(f"no suitable record in {table}")


def complete_a_job(company: Company) -> int:
    """Finishes an open job: appointments done, invoice filled, job total and customer balance with it."""
    job = any_row(company, "jobs", lambda row: row.get("jobStatus") in OPEN_STATUSES)
    kind = next(kind for kind in company.kinds if kind.id == job["jobTypeId"])
    invoice = _finished_bill(company, job, kind)
    stamp = clock.text(company.now)
    for appointment in {job["firstAppointmentId"], job["lastAppointmentId"]}:
        patch(company, "appointments", appointment, {"status": "Done"})
    patch(company, "invoices", invoice.id, invoice_row(company, invoice))
    patch(
        company,
        "jobs",
        job["id"],
        {
            "jobStatus": "Completed",
            "completedOn": stamp,
            "total": number(invoice.total, 10),
        },
    )
    owe(company, invoice.customer.id, invoice.total)
    return int(job["id"])


def owe(company: Company, customer_id: int, amount: int) -> None:
    """Raises the customer's balance by `amount` cents."""
    balance = cents(company.store["customers"].row(customer_id)["balance"])
    patch(company, "customers", customer_id, {"balance": number(balance + amount)})


def _finished_bill(company: Company, job: Row, kind: JobKind) -> Bill:
    customer = customer_of(company, job["locationId"])
    old = company.store["invoices"].row(job["invoiceId"])
    customer.membership = old["membershipId"]
    reference = {"id": job["id"], "number": job["jobNumber"], "type": kind.name}
    return Bill(
        old["id"],
        customer,
        kind.unit,
        clock.ticks(old["createdOn"]),
        company.now,
        old["referenceNumber"],
        customer.locations[0],
        reference,
        project_id=old["projectId"],
        lines=sell(company, kind, None),
    )


def customer_of(company: Company, location_id: int) -> Customer:
    """The handle of the customer at a location."""
    location = company.store["locations"].row(location_id)
    return known(company, company.store["customers"].row(location["customerId"]), location)

"""Jobs with their appointments, assignments, estimates and invoice: one visit from the call to the payment."""

from __future__ import annotations

from dataclasses import dataclass, field

from .. import clock
from ..money import number
from ..store import Row
from . import texts, words
from .billing import Bill, Line
from .company import Company
from .custom_fields import external_data, values
from .equipment import install
from .estimates import Estimate, quote
from .handles import JobKind, Technician
from .invoices import bill
from .people import Customer, Location
from .shapes import SHAPES

APPOINTMENT_STATUS = {
    "Scheduled": "Scheduled",
    "Dispatched": "Dispatched",
    "InProgress": "Working",
    "Hold": "Hold",
    "Completed": "Done",
    "Canceled": "Canceled",
}
JOB_STATUSES = tuple(APPOINTMENT_STATUS)
_ASSIGNMENT_STATUS = {"Hold": "Scheduled", "Canceled": "Scheduled"}


@dataclass
class Visit:
    """One job on its way. Times are ticks; `done` is set when it was completed, `estimate` when one created it."""

    customer: Customer
    location: Location
    kind: JobKind
    booked: int
    start: int
    status: str
    done: int | None = None
    recall_for: int | None = None
    estimate: Estimate | None = None
    job_id: int = 0
    appointments: list[int] = field(default_factory=list)
    crew: Technician | None = None
    quotes: list[Estimate] = field(default_factory=list)

    @property
    def end(self) -> int:
        """Ticks; the job type says how long it takes."""
        return self.start + self.kind.hours * clock.HOUR

    @property
    def sold(self) -> Estimate | None:
        """The first of the estimates made during the visit that was sold."""
        return next((estimate for estimate in self.quotes if estimate.sold), None)


def book(company: Company, visit: Visit) -> None:
    """Writes the job and everything that belongs to it; the estimates are left in `visit.quotes`."""
    dice = company.dice
    visit.job_id = company.ids.new()
    visit.crew = dice.pick(company.technicians[visit.kind.unit.name])
    _appointments(company, visit)
    if visit.status != "Canceled" and visit.start <= company.now:
        _quote(company, visit, visit.crew)
    invoice = _invoice(company, visit)
    _equip(company, visit, invoice)
    _write(company, visit, invoice)
    visit.customer.last_job = visit.job_id


def _quote(company: Company, visit: Visit, crew: Technician) -> None:
    """Two options on a sales visit, now and then one on another."""
    dice = company.dice
    options = 2 if visit.kind.work == "Sales" else int(dice.every("estimate", 8))
    for _ in range(options):
        at = visit.start + dice.between(0, min(clock.HOUR, company.now - visit.start))
        made = quote(company, visit.customer, visit.location, visit.kind, visit.job_id, at, crew)
        visit.quotes.append(made)


def _appointments(company: Company, visit: Visit) -> None:
    dice = company.dice
    if dice.every("deleted appointment", 33):
        add_appointment(company, visit, visit.start + clock.DAY, 0)
    add_appointment(company, visit, visit.start, 1)
    if visit.kind.work == "Install" or dice.every("second visit", 16):
        add_appointment(company, visit, visit.start, 2)


def add_appointment(company: Company, visit: Visit, start: int, turn: int) -> int:
    """Writes the `turn`-th appointment of the job and its crew; turn 0 is one that was deleted again (inactive)."""
    dice = company.dice
    record_id = company.ids.new()
    status = APPOINTMENT_STATUS[visit.status] if turn else "Scheduled"
    modified = company.later(visit.done or visit.booked)
    company.store["appointments"].append(
        SHAPES["appointments"]
        | {
            "id": record_id,
            "jobId": visit.job_id,
            "appointmentNumber": f"{visit.job_id}-{turn or 9}",
            "start": clock.text(start),
            "end": clock.text(start + visit.end - visit.start),
            "arrivalWindowStart": clock.text(start),
            "arrivalWindowEnd": clock.text(start + 2 * clock.HOUR),
            "status": status,
            "specialInstructions": texts.instructions(dice),
            "createdOn": clock.text(visit.booked),
            "modifiedOn": clock.text(modified),
            "customerId": visit.customer.id,
            "createdById": company.office[2],
            "isConfirmed": dice.chance(0.7),
            "active": turn > 0,
            "unused": visit.status == "Canceled",
            "appointmentSummaries": _notes(company, visit, record_id) if status == "Done" else [],
        },
        visit.booked,
        modified,
    )
    if turn:
        visit.appointments.append(record_id)
        _assignments(company, visit, record_id, status)
    return record_id


def _notes(company: Company, visit: Visit, appointment: int) -> list[Row]:
    """What the technician wrote about the visit; half of them write."""
    if visit.crew is None or company.dice.chance(0.5):
        return []
    stamp = clock.text(visit.done or visit.end)
    return [
        {
            "createdOn": stamp,
            "jobAppointmentId": appointment,
            "jobId": visit.job_id,
            "modifiedOn": stamp,
            "notes": texts.work_done(company.dice, visit.kind.unit.trade),
            "technicianId": visit.crew.id,
        }
    ]


def _lead_source(visit: Visit) -> Row | None:
    return {"jobId": visit.estimate.job_id, "employeeId": None} if visit.estimate else None


def _assignments(company: Company, visit: Visit, appointment: int, status: str) -> None:
    """The crew of one appointment: nobody yet, one technician, or two; now and then one was taken off again."""
    dice = company.dice
    if status == "Canceled" or (status == "Scheduled" and dice.every("unassigned", 3)) or visit.crew is None:
        return
    helper = dice.pick(company.technicians[visit.kind.unit.name])
    crew = [(visit.crew, True)]
    if dice.every("taken off", 33):
        crew.append((helper, False))
    if visit.kind.work == "Install" and helper != visit.crew and dice.chance(0.5):
        crew.append((helper, True))
    for technician, active in crew:
        assign(company, visit, appointment, technician, _ASSIGNMENT_STATUS.get(status, status), active)


def assign(
    company: Company, visit: Visit, appointment: int, technician: Technician, status: str, active: bool = True
) -> int:
    """Writes one assignment and returns its id."""
    record_id = company.ids.new()
    modified = company.later(visit.done or visit.booked)
    company.store["appointment_assignments"].append(
        SHAPES["appointment_assignments"]
        | {
            "id": record_id,
            "technicianId": technician.id,
            "technicianName": technician.name,
            "assignedById": company.office[3],
            "assignedOn": clock.text(visit.booked),
            "status": status,
            "jobId": visit.job_id,
            "appointmentId": appointment,
            "createdOn": clock.text(visit.booked),
            "modifiedOn": clock.text(modified),
            "active": active,
        },
        visit.booked,
        modified,
    )
    return record_id


def _invoice(company: Company, visit: Visit) -> Bill:
    job = {"id": visit.job_id, "number": str(visit.job_id), "type": visit.kind.name}
    invoice = Bill(
        company.ids.new(),
        visit.customer,
        visit.kind.unit,
        visit.booked,
        visit.done,
        str(visit.job_id),
        visit.location,
        job,
        visit.crew,
    )
    if visit.done is not None:
        invoice.lines = sell(company, visit.kind, visit.estimate)
    invoice.active = visit.status != "Canceled" or not company.dice.every("void invoice", 2)
    bill(company, invoice)
    return invoice


def sell(company: Company, kind: JobKind, estimate: Estimate | None) -> list[Line]:
    """What a completed job is billed for: its sold estimate, or what was needed on the day, or nothing."""
    if estimate:
        return [Line(old.item, old.quantity, company.ids.new(), old.item_id) for old in estimate.lines]
    dice = company.dice
    if not kind.billed or dice.chance(0.28):
        return []
    skus = company.skus[kind.unit.trade]
    main = skus[-1] if kind.work == "Install" else skus[0]
    extras = [dice.pick(skus[1:-1]) for _ in range(dice.between(0, 3))]
    return [Line(item, dice.pick((100, 100, 100, 200, 150)), company.ids.new()) for item in (main, *extras)]


def _equip(company: Company, visit: Visit, invoice: Bill) -> None:
    sold = [line.item_id for line in invoice.lines if line.item.sku.kind == "Equipment"]
    if sold and visit.done is not None:
        visit.location.equipment.append(install(company, visit.customer.id, visit.location.id, visit.done, sold[0]))


def _write(company: Company, visit: Visit, invoice: Bill) -> None:
    dice = company.dice
    modified = company.later(visit.done or visit.booked)
    trade = visit.kind.unit.trade
    summary = words.CANCEL_SUMMARY if visit.status == "Canceled" else texts.job_summary(dice, trade)
    company.store["jobs"].append(
        SHAPES["jobs"]
        | {
            "id": visit.job_id,
            "jobNumber": str(visit.job_id),
            "customerId": visit.customer.id,
            "locationId": visit.location.id,
            "jobStatus": visit.status,
            "businessUnitId": visit.kind.unit.id,
            "completedOn": clock.text(visit.done) if visit.done else None,
            "jobTypeId": visit.kind.id,
            "priority": visit.kind.priority,
            "campaignId": dice.pick(company.campaigns),
            "appointmentCount": len(visit.appointments),
            "firstAppointmentId": visit.appointments[0],
            "lastAppointmentId": visit.appointments[-1],
            "recallForId": visit.recall_for,
            "noCharge": not visit.kind.billed,
            "createdOn": clock.text(visit.booked),
            "createdById": dice.pick(company.office),
            "modifiedOn": clock.text(modified),
            "total": number(invoice.total, 10),
            "tagTypeIds": dice.some(company.tags, 0, 5),
            "invoiceId": invoice.id,
            "leadCallId": company.ids.new() if dice.chance(0.6) else None,
            "bookingId": company.ids.new() if dice.chance(0.2) else None,
            "membershipId": visit.customer.membership,
            "isAutoDispatched": dice.chance(0.3),
            "soldById": visit.crew.id if visit.crew and invoice.total else None,
            "summary": summary,
            "customerPo": f"PO-{visit.job_id % 9_973}" if dice.chance(0.1) else None,
            "createdFromEstimateId": visit.estimate.id if visit.estimate else None,
            "jobGeneratedLeadSource": _lead_source(visit),
            "estimateIds": [estimate.id for estimate in visit.quotes],
            "equipmentIds": visit.location.equipment[:3],
            "summaryOfWork": texts.work_done(dice, trade) if visit.done else None,
            "customFields": values(dice, company.fields["jobs"]),
            "externalData": external_data(dice, visit.job_id),
        },
        visit.booked,
        modified,
    )

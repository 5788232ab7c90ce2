"""Jobs: a visit is booked with its appointments, estimates and invoice, and becomes a record."""

from __future__ import annotations

from .. import clock
from ..money import number
from ..store import Row
from . import texts, words
from .appointments import write_appointments
from .billing import Bill, Estimate, Line
from .company import Company
from .custom_fields import external_data, values
from .equipment import install
from .estimates import quote
from .handles import JobKind
from .invoices import bill
from .shapes import SHAPES
from .visits import Visit


def book(company: Company, visit: Visit) -> None:
    """Writes the job and everything that belongs to it; the estimates are left in `visit.quotes`."""
    dice = company.dice
    visit.job_id = company.ids.new()
    visit.crew = dice.pick(company.technicians[visit.kind.unit.name])
    write_appointments(company, visit)
    if visit.status != "Canceled" and visit.start <= company.now:
        _quote(company, visit)
    invoice = _invoice(company, visit)
    _equip(company, visit, invoice)
    _write(company, visit, invoice)
    visit.customer.last_job = visit.job_id
    if visit.project:
        visit.project.jobs[visit.job_id] = visit.done


def _quote(company: Company, visit: Visit) -> None:
    """Two options on a sales visit, now and then one on another."""
    dice = company.dice
    options = 2 if visit.kind.work == "Sales" else int(dice.every("estimate", 8))
    for _ in range(options):
        at = visit.start + dice.between(0, min(clock.HOUR, company.now - visit.start))
        visit.quotes.append(quote(company, visit, at))


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
        visit.project_id,
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
    modified = company.later(visit.done or visit.booked)
    row = SHAPES["jobs"] | _booking(company, visit) | _course(company, visit, invoice)
    company.store["jobs"].append(row | {"modifiedOn": clock.text(modified)}, visit.booked, modified)


def _booking(company: Company, visit: Visit) -> Row:
    """What was known when the customer called."""
    dice = company.dice
    summary = texts.job_summary(dice, visit.kind.unit.trade)
    return {
        "id": visit.job_id,
        "jobNumber": str(visit.job_id),
        "projectId": visit.project_id,
        "customerId": visit.customer.id,
        "locationId": visit.location.id,
        "businessUnitId": visit.kind.unit.id,
        "jobTypeId": visit.kind.id,
        "priority": visit.kind.priority,
        "campaignId": dice.pick(company.campaigns),
        "recallForId": visit.recall_for,
        "noCharge": not visit.kind.billed,
        "createdOn": clock.text(visit.booked),
        "createdById": dice.pick(company.office),
        "leadCallId": company.ids.new() if dice.chance(0.6) else None,
        "bookingId": company.ids.new() if dice.chance(0.2) else None,
        "membershipId": visit.customer.membership,
        "customerPo": f"PO-{visit.job_id % 9_973}" if dice.chance(0.1) else None,
        "createdFromEstimateId": visit.estimate.id if visit.estimate else None,
        "jobGeneratedLeadSource": {"jobId": visit.estimate.job_id, "employeeId": None} if visit.estimate else None,
        "summary": words.CANCEL_SUMMARY if visit.status == "Canceled" else summary,
        "externalData": external_data(dice, visit.job_id),
    }


def _course(company: Company, visit: Visit, invoice: Bill) -> Row:
    """What has become of it."""
    dice = company.dice
    return {
        "jobStatus": visit.status,
        "completedOn": clock.text(visit.done) if visit.done else None,
        "appointmentCount": len(visit.appointments),
        "firstAppointmentId": visit.appointments[0],
        "lastAppointmentId": visit.appointments[-1],
        "total": number(invoice.total, 10),
        "tagTypeIds": dice.some(company.tags, 0, 5),
        "invoiceId": invoice.id,
        "isAutoDispatched": dice.chance(0.3),
        "soldById": visit.crew.id if visit.crew and invoice.total else None,
        "estimateIds": [estimate.id for estimate in visit.quotes],
        "equipmentIds": visit.location.equipment[:3],
        "summaryOfWork": texts.work_done(dice, visit.kind.unit.trade) if visit.done else None,
        "customFields": values(dice, company.fields["jobs"]),
    }

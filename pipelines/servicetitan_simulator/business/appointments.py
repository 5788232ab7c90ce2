"""Appointments of a job, their crews, and what the crews wrote about the work."""

from __future__ import annotations

from .. import clock
from ..store import Row
from . import texts
from .company import Company
from .handles import Technician
from .shapes import SHAPES
from .visits import APPOINTMENT_STATUS, Visit

_ASSIGNMENT_STATUS = {"Hold": "Scheduled", "Canceled": "Scheduled"}


def write_appointments(company: Company, visit: Visit) -> None:
    """Writes the appointments of a job, one, sometimes two, with their crews."""
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

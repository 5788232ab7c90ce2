"""The office: employees and their roles, tasks, forms and what was filled in."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ... import clock
from ...business import words
from ...store import Row
from ..desk import Desk, Made

OFFICE = (  # the first five are the company's office
    ("Ines", "Calloway", "CSR"),
    ("Tobias", "Renwick", "CSR"),
    ("Marisol", "Keane", "Dispatch"),
    ("Grady", "Ostrander", "Dispatch"),
    ("Noor", "Halvorsen", "Accounting"),
    ("Pilar", "Wexford", "GeneralOffice"),
    ("Desmond", "Achterberg", "SalesManager"),
    ("Yuki", "Lindqvist", "Owner"),
    ("Rosalind", "Beecham", "CSR"),
)
ROLES = ("CSR", "Dispatch", "Accounting", "GeneralOffice", "SalesManager", "Owner", "Admin (old)")
FORMS = ("Safety checklist", "Water heater start-up", "Duct inspection", "Permission to enter", "Old checklist")
QUESTIONS = ("Gas shut off?", "Pressure", "Photos taken?", "Remarks")
_TASKS = ("Call the customer back", "Send the permit", "Order the missing part", "Check the invoice", "Refund the fee")
_STATUSES = ("ToDo", "InProgress", "Completed", "Completed", "Canceled")


def employees(desk: Desk) -> Iterator[Made]:
    """The office's people; the last has left."""
    roles = {role["name"]: role["id"] for role in desk.rows("user_roles")}
    for turn, (first, last, role) in enumerate(OFFICE):
        left, office = turn == len(OFFICE) - 1, desk.company.office
        fields: Row = {
            "userId": desk.ids.new(),
            "name": f"{first} {last}",
            "firstName": first,
            "lastName": last,
            "managerId": office[0] if turn else None,
            "role": role,
            "roleIds": [roles[role]],
            "businessUnitId": None,
            "email": f"{first.lower()}.{last.lower()}@example.com",
            "phoneNumber": f"51255501{turn:02d}",
            "loginName": f"{first.lower()}.{last[:1].lower()}",
            "startDate": clock.midnight_text(desk.company.founded),
            "terminationDate": clock.midnight_text(desk.now - 90 * clock.DAY) if left else None,
            "hourlyRate": msgspec.Raw(b"24.50"),
        }
        yield Made(fields, desk.founding(), id=office[turn] if turn < len(office) else 0, active=not left)


def user_roles(desk: Desk) -> Iterator[Made]:
    """The office's roles and the one of all technicians."""
    for turn, name in enumerate(ROLES):
        yield Made({"name": name, "employeeType": "Employee"}, desk.founding(), active=turn < len(ROLES) - 1)
    yield Made({"name": "Technician", "employeeType": "Technician"}, desk.founding(), id=desk.company.role)


def tasks(desk: Desk) -> Iterator[Made]:
    """Something to do for one job in twelve."""
    for turn, job in enumerate(desk.books.jobs[::12]):
        at = clock.ticks(job.createdOn) + desk.dice.between(clock.HOUR, clock.DAY)
        at = min(at, desk.now)
        status = _STATUSES[turn % 5]
        closed = status in ("Completed", "Canceled")
        fields: Row = {
            "reportedById": job.createdById,
            "assignedToId": desk.dice.pick(desk.company.office),
            "isClosed": closed,
            "status": status,
            "closedOn": clock.text(desk.later(at)) if closed else None,
            "name": desk.dice.pick(_TASKS),
            "businessUnitId": job.businessUnitId,
            "reportedOn": clock.text(at),
            "completeBy": clock.text(at + 3 * clock.DAY),
            "customerId": job.customerId,
            "customerName": desk.books.customers[job.customerId].name,
            "jobId": job.id,
            "jobNumber": job.jobNumber,
            "projectId": job.projectId,
            "priority": desk.dice.pick(("Low", "Normal", "High")),
            "taskNumber": 1_000 + turn,
        }
        yield Made(fields, at, active=turn % 50 != 7)


def forms(desk: Desk) -> Iterator[Made]:
    """The forms that are in use, and one that is not any more."""
    for made in desk.named(FORMS):
        yield Made(made.fields | {"published": made.active}, made.created, active=made.active)


def form_submissions(desk: Desk) -> Iterator[Made]:
    """A form for one completed job in six, by its technician."""
    known = desk.rows("forms")
    for job in [job for job in desk.books.jobs if job.completedOn][::6]:
        form, at = desk.dice.pick(known), clock.ticks(str(job.completedOn))
        fields: Row = {
            "formId": form["id"],
            "formName": form["name"],
            "submittedOn": clock.text(at),
            "createdById": job.soldById or desk.dice.pick([*desk.books.technicians]),
            "status": "Completed" if desk.dice.chance(0.9) else "Started",
            "owners": [{"type": "Job", "id": job.id}, {"type": "Customer", "id": job.customerId}],
            "units": [desk.part("units[]", name="Checks", type="section", units=[*_answers(desk)])],
        }
        yield Made(fields, at, at)


def _answers(desk: Desk) -> Iterator[Row]:
    """An answer a question: yes or no, a number, a text."""
    for question in QUESTIONS:
        number = question == "Pressure"
        value = msgspec.Raw(b"%d.5" % desk.dice.between(40, 80)) if number else desk.dice.pick(("Yes", "No", "n/a"))
        yield desk.part("units[].units[]", name=question, type="number" if number else "text", value=value)


def schedulers(desk: Desk) -> Iterator[Made]:
    """The web pages on which customers book."""
    for name in ("Website", "Partner page", "Old website"):
        yield Made({"name": name, "companyName": "Marrow Springs Comfort Co.", "isDefault": False}, desk.founding())


def zones(desk: Desk) -> Iterator[Made]:
    """The four zones of the locations and one that was given up."""
    people = [*desk.books.technicians]
    for turn, name in enumerate(("North", "East", "South", "West", "Old town")):
        cities = [desk.dice.pick(words.CITIES) for _ in range(2)]
        fields = {
            "name": name,
            "zips": [city[2] for city in cities],
            "cities": [city[0] for city in cities],
            "businessUnits": [*desk.books.units][:3],
            "technicians": people[turn::5],
            "createdBy": desk.company.office[0],
        }
        yield Made(fields, desk.founding(), id=desk.company.zones[turn] if turn < 4 else 0, active=turn < 4)


LISTS = {
    "employees": employees,
    "user_roles": user_roles,
    "tasks": tasks,
    "forms": forms,
    "form_submissions": form_submissions,
    "schedulers": schedulers,
    "zones": zones,
}

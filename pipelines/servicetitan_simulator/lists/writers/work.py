"""What is written about jobs and projects: notes, history, why they were canceled, how the customer liked it."""

from __future__ import annotations

from collections.abc import Iterator

from ... import clock
from ...business import texts
from ...business.catalog import PROJECT_STATUSES
from ...money import number
from ...store import Row
from ..desk import Desk, Made
from ..records import Job

CANCEL_REASONS = ("Customer changed their mind", "Price", "Duplicate", "No one at home", "Weather (old)")
HOLD_REASONS = ("Waiting for parts", "Waiting for a permit", "Customer on vacation", "Crane (old)")
EVENTS = ("Job Booked", "Technician Assigned", "Technician Dispatched", "Technician Arrived", "Job Completed")
NOTES = 0.6  # a job


def job_notes(desk: Desk) -> Iterator[Made]:
    """What the office wrote about more than half of the jobs; now and then a note is deleted again."""
    for job in desk.books.jobs:
        if desk.dice.chance(NOTES):
            at = desk.later(clock.ticks(job.createdOn))
            yield Made(_note(desk, job.createdById) | {"jobId": job.id}, at, active=not desk.dice.every("deleted", 40))


def project_notes(desk: Desk) -> Iterator[Made]:
    """Two notes a project."""
    for project in desk.rows("projects"):
        for _ in range(2):
            at = desk.later(clock.ticks(project["createdOn"]))
            note = _note(desk, desk.dice.pick(desk.company.office)) | {"projectId": project["id"]}
            yield Made(note, at, active=not desk.dice.every("deleted", 40))


def _note(desk: Desk, author: int) -> Row:
    text = texts.work_done(desk.dice, desk.dice.pick(("HVAC", "Plumbing", "Electrical")))
    return {"text": text, "isPinned": desk.dice.chance(0.1), "createdById": author}


def job_history(desk: Desk) -> Iterator[Made]:
    """One row a job with everything that has happened to it."""
    for job in desk.books.jobs:
        history = [*_events(desk, job)]
        last = clock.ticks(history[-1]["date"])
        yield Made({"jobId": job.id, "history": history}, clock.ticks(job.createdOn), last, job.id)


def _events(desk: Desk, job: Job) -> Iterator[Row]:
    begin = clock.ticks(job.createdOn)
    end = clock.ticks(job.completedOn or job.modifiedOn)
    names = EVENTS if job.completedOn else (EVENTS[0], "Job Canceled") if job.jobStatus == "Canceled" else EVENTS[:2]
    for turn, name in enumerate(names):
        at = begin + (end - begin) * turn // max(len(names) - 1, 1)
        tool = desk.dice.pick(("Manual", "Manual", "SmartDispatch"))
        event = {"id": job.id * 10 + turn, "employeeId": job.createdById, "eventType": name}
        yield event | {"date": clock.text(at), "usedSchedulingTool": tool}


def job_canceled_logs(desk: Desk) -> Iterator[Made]:
    """Why a canceled job was canceled."""
    reasons = [reason["id"] for reason in desk.rows("job_cancel_reasons") if reason["active"]]
    for job in desk.books.jobs:
        if job.jobStatus == "Canceled":
            fields = {"jobId": job.id, "reasonId": desk.dice.pick(reasons), "createdById": job.createdById}
            at = clock.ticks(job.modifiedOn)
            yield Made(fields, at, at)


def job_cancel_reasons(desk: Desk) -> Iterator[Made]:
    """The office's list of reasons."""
    yield from desk.named(CANCEL_REASONS)


def job_hold_reasons(desk: Desk) -> Iterator[Made]:
    """The office's list of reasons."""
    yield from desk.named(HOLD_REASONS)


def project_statuses(desk: Desk) -> Iterator[Made]:
    """Those of the projects."""
    for turn, name in enumerate(PROJECT_STATUSES[::2]):
        yield Made({"name": name, "order": turn}, desk.founding(), id=desk.company.project_statuses[name])


def project_substatuses(desk: Desk) -> Iterator[Made]:
    """Those of the projects, each under its status, and one that is not used any more."""
    ids = desk.company.project_statuses
    for turn, (status, name) in enumerate(zip(PROJECT_STATUSES[::2], PROJECT_STATUSES[1::2], strict=True)):
        yield Made({"name": name, "order": turn, "statusId": ids[status]}, desk.founding(), id=ids[name])
    yield Made({"name": "Archived", "order": 2, "statusId": ids[PROJECT_STATUSES[2]]}, desk.founding(), active=False)


def project_types(desk: Desk) -> Iterator[Made]:
    """One a trade."""
    for trade, id in desk.company.project_types.items():
        yield Made({"name": trade, "description": f"{trade} installations"}, desk.founding(), id=id)


def technician_ratings(desk: Desk) -> Iterator[Made]:
    """Stars of one completed job in seven."""
    for job in [job for job in desk.books.jobs if job.completedOn][::7]:
        crew = desk.books.crews.get(job.firstAppointmentId)
        if crew:
            stars = desk.dice.pick((500, 500, 500, 400, 400, 300, 100))
            fields = {"jobId": job.id, "technicianId": crew[0].technicianId, "rating": number(stars)}
            at = clock.ticks(str(job.completedOn))
            yield Made(fields, at, id=job.id, active=not desk.dice.every("taken back", 30))


LISTS = {
    "job_notes": job_notes,
    "project_notes": project_notes,
    "job_history": job_history,
    "job_canceled_logs": job_canceled_logs,
    "job_cancel_reasons": job_cancel_reasons,
    "job_hold_reasons": job_hold_reasons,
    "project_statuses": project_statuses,
    "project_substatuses": project_substatuses,
    "project_types": project_types,
    "technician_ratings": technician_ratings,
}

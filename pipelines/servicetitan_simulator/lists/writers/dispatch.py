"""Who works when and what for: shifts, absences, teams, skills."""

from __future__ import annotations

from collections.abc import Iterator

from ... import clock
from ...store import Row
from ..desk import Desk, Made

DAYS_BACK, DAYS_AHEAD = 90, 14  # of the shifts
ABSENCES = ("Morning meeting", "Training", "Truck service", "Vacation")
SUNDAY, SATURDAY = 6, 5


def technician_shifts(desk: Desk) -> Iterator[Made]:
    """Each technician's working days of the last months and the next two weeks; every ninth day is off."""
    today = desk.now // clock.DAY
    for technician in desk.books.technicians.values():
        for day in range(today - DAYS_BACK, today + DAYS_AHEAD):
            if technician.active and day % 7 not in (SATURDAY, SUNDAY):
                kind = "TimeOff" if desk.dice.every("off", 9) else "OnCall" if desk.dice.every("call", 11) else "Normal"
                start = day * clock.DAY + 13 * clock.HOUR
                fields: Row = {
                    "technicianId": technician.id,
                    "shiftType": kind,
                    "title": {"Normal": "Day shift", "OnCall": "On call", "TimeOff": "Vacation"}[kind],
                    "start": clock.text(start),
                    "end": clock.text(start + 9 * clock.HOUR),
                    "timesheetCodeId": None,
                }
                made = min(start - 21 * clock.DAY, desk.now)
                yield Made(fields, made, active=not desk.dice.every("deleted", 60))


def non_job_appointments(desk: Desk) -> Iterator[Made]:
    """An hour a week of each technician that belongs to no job, now and then a week."""
    codes = desk.rows("timesheet_codes")
    for technician in desk.books.technicians.values():
        for week in range(26):
            name = desk.dice.pick(ABSENCES)
            at = desk.now // clock.DAY * clock.DAY - week * 7 * clock.DAY - 10 * clock.HOUR
            fields: Row = {
                "technicianId": technician.id,
                "start": clock.text(at),
                "name": name,
                "summary": name,
                "duration": "5.00:00:00" if name == "Vacation" else "01:00:00",
                "allDay": name == "Vacation",
                "timesheetCodeId": desk.dice.pick(codes)["id"],
                "createdById": desk.company.office[2],
            }
            yield Made(fields, at - 3 * clock.DAY, active=not desk.dice.every("deleted", 30))


def teams(desk: Desk) -> Iterator[Made]:
    """A team a business unit; that of a closed one is inactive."""
    for name in desk.books.units.values():
        yield Made({"name": name, "createdBy": desk.company.office[0]}, desk.founding(), active="closed" not in name)


def technician_skills(desk: Desk) -> Iterator[Made]:
    """Each technician can do the work of his business unit."""
    kinds = [*desk.books.kinds]
    for turn, technician in enumerate(desk.books.technicians.values()):
        for skill in (desk.books.units[technician.businessUnitId], "Lift gate"):
            fields = {"technicianId": technician.id, "name": skill, "jobTypeIds": kinds[turn % 5 :: 5]}
            yield Made(fields, desk.founding(), active=technician.active)


def arrival_windows(desk: Desk) -> Iterator[Made]:
    """When customers can expect somebody."""
    for turn, hour in enumerate((8, 10, 13, 15, 18)):
        fields = {"start": f"{hour:02d}:00:00", "duration": "02:00:00", "businessUnitIds": [*desk.books.units][:4]}
        yield Made(fields, desk.founding(), active=turn < 4)


def equipment_types(desk: Desk) -> Iterator[Made]:
    """The types of the installed equipment, and one that nobody uses."""
    for model in desk.company.models:
        yield Made({"name": model.name}, desk.founding(), id=model.type_id)
    yield Made({"name": "Boiler (old)"}, desk.founding(), active=False)


LISTS = {
    "technician_shifts": technician_shifts,
    "non_job_appointments": non_job_appointments,
    "teams": teams,
    "technician_skills": technician_skills,
    "arrival_windows": arrival_windows,
    "equipment_types": equipment_types,
}

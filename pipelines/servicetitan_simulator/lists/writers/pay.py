"""What work costs: when technicians were on a job, and what they are paid for it, fortnight by fortnight."""

from __future__ import annotations

from collections.abc import Iterator

from ... import clock
from ...business.company import raw
from ...money import number
from ...store import Row
from ..desk import Desk, Made
from ..records import Job

PERIOD = 14 * clock.DAY
HOURLY = 3150  # cents
CODES = (("REG", "Working", "Paid"), ("MEET", "Meeting", "Paid"), ("PTO", "Vacation", "PaidTimeOff"), ("OLD", "Idle", "Unpaid"))
ACTIVITIES = (("Working", "WRK", "Timesheet"), ("Commission", "COM", "Commission"), ("Mileage", "MIL", "Reimbursement"))


def job_timesheets(desk: Desk) -> Iterator[Made]:
    """Each technician of an appointment that was begun: dispatched, arrived, and done if it is done."""
    for appointment in desk.books.appointments:
        if appointment.active and appointment.status in ("Done", "Working"):
            arrived = min(clock.ticks(appointment.start), desk.now)
            done = min(clock.ticks(appointment.end), desk.now) if appointment.status == "Done" else None
            dispatched = arrived - desk.dice.between(10, 50) * clock.MINUTE
            for member in desk.books.crews.get(appointment.id, ()):
                fields: Row = {
                    "jobId": appointment.jobId,
                    "appointmentId": appointment.id,
                    "technicianId": member.technicianId,
                    "dispatchedOn": clock.text(dispatched),
                    "arrivedOn": clock.text(arrived),
                    "doneOn": clock.text(done) if done else None,
                    "canceledOn": None,
                }
                yield Made(fields, dispatched, active=not desk.dice.every("deleted", 200))


def payrolls(desk: Desk) -> Iterator[Made]:
    """A fortnight of a technician, from the first job to now."""
    first = min((clock.ticks(job.createdOn) for job in desk.books.jobs), default=desk.now)
    for period in range(first // PERIOD, desk.now // PERIOD + 1):
        begin, end = period * PERIOD, (period + 1) * PERIOD
        for technician in desk.books.technicians.values():
            status = "Pending" if end > desk.now else "Approved" if end > desk.now - PERIOD else "Paid"
            fields: Row = {
                "startedOn": clock.text(begin),
                "endedOn": clock.text(end),
                "employeeId": technician.id,
                "employeeType": "Technician",
                "status": status,
                "burdenRate": number(1250),
                "managerApprovedOn": None if status == "Pending" else clock.text(min(end + clock.DAY, desk.now)),
            }
            yield Made(fields, begin, min(end + 2 * clock.DAY, desk.now) if status == "Paid" else None)


def gross_pay_items(desk: Desk) -> Iterator[Made]:
    """The hours of every timesheet, paid in the payroll of their fortnight."""
    periods = {(row["employeeId"], row["startedOn"]): row["id"] for row in desk.rows("payrolls")}
    codes = {row["name"]: row["id"] for row in desk.rows("activity_codes")}
    for sheet in desk.rows("job_timesheets"):
        job = desk.books.job.get(sheet["jobId"])
        if job is None or not sheet["doneOn"]:
            continue
        begin, end = clock.ticks(sheet["arrivedOn"]), clock.ticks(sheet["doneOn"])
        minutes = (end - begin) // clock.MINUTE
        payroll = periods.get((sheet["technicianId"], clock.text(begin // PERIOD * PERIOD)))
        if payroll is None:
            continue
        fields = _job(desk, job) | {
            "employeeId": sheet["technicianId"],
            "employeeType": "Technician",
            "payrollId": payroll,
            "date": clock.midnight_text(begin),
            "activity": "Working",
            "activityCodeId": codes["Working"],
            "activityCode": "WRK",
            "amount": number(HOURLY * minutes // 60, 4),
            "amountAdjustment": None,
            "grossPayItemType": "TimesheetTime",
            "startedOn": sheet["arrivedOn"],
            "endedOn": sheet["doneOn"],
            "paidDurationHours": raw(f"{minutes / 60:.4f}"),
            "paidTimeType": "Regular",
            "sourceEntityId": sheet["id"],
        }
        yield Made(fields, end)


def _job(desk: Desk, job: Job) -> Row:
    """What a paid hour's row has of its job."""
    place, unit = desk.books.locations[job.locationId], desk.books.units[job.businessUnitId]
    return {
        "businessUnitName": unit,
        "payoutBusinessUnitName": unit,
        "jobId": job.id,
        "jobNumber": job.jobNumber,
        "jobTypeName": desk.books.kinds[job.jobTypeId],
        "projectId": job.projectId,
        "projectNumber": str(job.projectId) if job.projectId else None,
        "invoiceId": job.invoiceId,
        "invoiceNumber": job.jobNumber,
        "invoiceItemId": None,
        "customerId": job.customerId,
        "customerName": desk.books.customers[job.customerId].name,
        "locationId": place.id,
        "locationName": place.name,
        "locationAddress": place.address.get("street"),
        "locationZip": place.address.get("zip"),
    }


def job_splits(desk: Desk) -> Iterator[Made]:
    """How the technicians of a completed job share what it brings."""
    for job in desk.books.jobs:
        crew = desk.books.crews.get(job.firstAppointmentId, []) if job.completedOn else []
        for technician in {member.technicianId: None for member in crew}:
            share = number(10_000 // len({member.technicianId for member in crew}))
            at = clock.ticks(str(job.completedOn))
            yield Made({"jobId": job.id, "technicianId": technician, "split": share}, at)


def timesheet_codes(desk: Desk) -> Iterator[Made]:
    """What time is written down for; the last is not used any more."""
    for turn, (code, description, kind) in enumerate(CODES):
        rate = {"hourlyRate": "EmployeeHourlyRate", "customHourlyRate": None, "rateMultiplier": number(100)}
        fields = {"code": code, "description": description, "type": kind, "applicableEmployeeType": "All"}
        yield Made(fields | {"rateInfo": rate}, desk.founding(), active=turn < len(CODES) - 1)


def activity_codes(desk: Desk) -> Iterator[Made]:
    """What people are paid for."""
    for name, code, category in ACTIVITIES:
        yield Made({"name": name, "code": code, "earningCategory": category}, desk.founding())
    yield Made({"name": "Spiff (old)", "code": "SPF", "earningCategory": "Commission"}, desk.founding(), active=False)


def non_job_timesheets(desk: Desk) -> Iterator[Made]:
    """The hours of the appointments that belong to no job."""
    for row in desk.rows("non_job_appointments"):
        begin = clock.ticks(row["start"])
        if begin < desk.now:
            fields = {
                "employeeId": row["technicianId"],
                "employeeType": "Technician",
                "timesheetCodeId": row["timesheetCodeId"],
                "startedOn": row["start"],
                "endedOn": clock.text(min(begin + clock.HOUR, desk.now)),
            }
            yield Made(fields, begin, active=row["active"])


def payroll_settings(desk: Desk) -> Iterator[Made]:
    """How each technician is paid."""
    for turn, technician in enumerate(desk.books.technicians.values()):
        fields = {
            "employeeId": technician.id,
            "employeeType": "Technician",
            "externalPayrollId": f"P{turn:03d}",
            "hourlyRate": number(HOURLY),
            "managerId": desk.company.office[0],
            "payrollBusinessUnitId": technician.businessUnitId,
            "isIncludedInPayroll": technician.active,
        }
        yield Made(fields, clock.ticks(technician.createdOn), id=technician.id, active=technician.active)


def location_rates(desk: Desk) -> Iterator[Made]:
    """Public works pay by the place."""
    for turn, location in enumerate([*desk.books.locations.values()][::25]):
        fields = {"locationId": location.id, "hourlyRate": number(4875), "laborTypeName": "Plumber", "laborTypeCode": "PL"}
        yield Made(fields, desk.any_moment(), id=location.id, active=turn % 9 != 5)


LISTS = {
    "job_timesheets": job_timesheets,
    "payrolls": payrolls,
    "gross_pay_items": gross_pay_items,
    "job_splits": job_splits,
    "timesheet_codes": timesheet_codes,
    "activity_codes": activity_codes,
    "non_job_timesheets": non_job_timesheets,
    "payroll_settings": payroll_settings,
    "location_rates": location_rates,
}

"""A visit: one job on its way, from the call to the payment."""

from __future__ import annotations

from dataclasses import dataclass, field

from .. import clock
from .billing import Estimate
from .handles import JobKind, Technician
from .people import Customer, Location
from .projects import Project

APPOINTMENT_STATUS = {
    "Scheduled": "Scheduled",
    "Dispatched": "Dispatched",
    "InProgress": "Working",
    "Hold": "Hold",
    "Completed": "Done",
    "Canceled": "Canceled",
}
JOB_STATUSES = tuple(APPOINTMENT_STATUS)


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
    project: Project | None = None
    job_id: int = 0
    appointments: list[int] = field(default_factory=list)
    crew: Technician | None = None
    quotes: list[Estimate] = field(default_factory=list)

    @property
    def end(self) -> int:
        """Ticks; the job type says how long it takes."""
        return self.start + self.kind.hours * clock.HOUR

    @property
    def project_id(self) -> int | None:
        """Of the project that the job belongs to."""
        return self.project.id if self.project else None

    @property
    def sold(self) -> Estimate | None:
        """The first of the estimates made during the visit that was sold."""
        return next((estimate for estimate in self.quotes if estimate.sold), None)

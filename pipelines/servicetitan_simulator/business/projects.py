"""Projects: an installation and the inspections after it, one number for all; written when the jobs are known."""

from __future__ import annotations

from dataclasses import dataclass, field

from .. import clock
from ..store import Row
from . import texts
from .company import Company
from .custom_fields import external_data, values
from .handles import JobKind
from .people import Customer, Location
from .shapes import SHAPES


@dataclass
class Project:
    """Work at one location. `jobs` maps a job's id to the ticks of its completion, None while it is not completed."""

    id: int
    customer: Customer
    location: Location
    kind: JobKind
    opened: int
    jobs: dict[int, int | None] = field(default_factory=dict)

    @property
    def done(self) -> int | None:
        """Ticks of the last completion, once all jobs are completed."""
        ends = [end for end in self.jobs.values() if end is not None]
        return max(ends) if len(ends) == len(self.jobs) else None


def write_project(company: Company, project: Project) -> None:
    """Writes the project's record with its jobs and the status that they give it."""
    modified = company.later(project.done or project.opened)
    row = SHAPES["projects"] | _plan(company, project) | _progress(company, project)
    row["modifiedOn"] = clock.text(modified)
    company.store["projects"].append(row, project.opened, modified)


def _plan(company: Company, project: Project) -> Row:
    dice, unit = company.dice, project.kind.unit
    return {
        "id": project.id,
        "number": str(project.id),
        "name": f"{project.kind.name} — {project.customer.row['name']}",
        "summary": texts.job_summary(dice, unit.trade),
        "customerId": project.customer.id,
        "locationId": project.location.id,
        "projectTypeId": company.project_types[unit.trade],
        "projectManagerIds": dice.some(company.office, 1, 2),
        "businessUnitIds": [unit.id],
        "startDate": clock.midnight_text(project.opened),
        "targetCompletionDate": clock.midnight_text(project.opened + 60 * clock.DAY),
        "createdOn": clock.text(project.opened),
        "customFields": values(dice, company.fields["projects"]),
        "externalData": external_data(dice, project.id),
    }


def _progress(company: Company, project: Project) -> Row:
    status, detail = ("In Progress", "Waiting for parts") if project.done is None else ("Completed", "Closed out")
    return {
        "jobIds": list(project.jobs),
        "status": status,
        "statusId": company.project_statuses[status],
        "subStatus": detail,
        "subStatusId": company.project_statuses[detail],
        "actualCompletionDate": None if project.done is None else clock.text(project.done),
    }

"""The standard lists' records as the writers of other lists read them: of each the few fields that matter.

A record that somebody has made odd is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, TypeVar

import msgspec

from ..store import Store

T = TypeVar("T")


class Named(msgspec.Struct):
    """A reference of accounting's rows, and anything else with a name."""

    id: int
    name: str


class Job(msgspec.Struct):
    """A job."""

    id: int
    jobNumber: str
    projectId: int | None
    customerId: int
    locationId: int
    jobStatus: str
    completedOn: str | None
    businessUnitId: int
    jobTypeId: int
    campaignId: int
    priority: str
    createdOn: str
    createdById: int
    modifiedOn: str
    leadCallId: int | None
    bookingId: int | None
    invoiceId: int
    membershipId: int | None
    firstAppointmentId: int
    soldById: int | None
    summary: str | None


class Appointment(msgspec.Struct):
    """An appointment of a job."""

    id: int
    jobId: int
    start: str
    end: str
    status: str
    createdOn: str
    active: bool


class Assignment(msgspec.Struct):
    """A technician of an appointment."""

    id: int
    technicianId: int
    technicianName: str
    jobId: int
    appointmentId: int
    status: str
    active: bool


class Customer(msgspec.Struct):
    """A customer."""

    id: int
    name: str
    active: bool
    type: str | None
    createdOn: str
    address: dict[str, Any]


class Location(msgspec.Struct):
    """A location of a customer."""

    id: int
    customerId: int
    name: str
    address: dict[str, Any]
    zoneId: int | None


class Reference(msgspec.Struct):
    """A job on its invoice."""

    id: int
    number: str
    type: str


class Invoice(msgspec.Struct):
    """An invoice without its items."""

    id: int
    createdOn: str
    modifiedOn: str | None
    invoiceDate: str
    total: str
    customer: Named
    businessUnit: Named
    location: Named | None
    job: Reference | None
    membershipId: int | None
    referenceNumber: str | None
    active: bool


class Technician(msgspec.Struct):
    """A technician."""

    id: int
    name: str
    businessUnitId: int
    active: bool
    createdOn: str


class Campaign(msgspec.Struct):
    """A campaign with its category."""

    id: int
    name: str
    category: dict[str, Any]
    active: bool
    createdOn: str


class Reason(msgspec.Struct):
    """A call reason."""

    id: int
    name: str
    isLead: bool
    active: bool


class Books:
    """What there was of the business when a list first asked for it."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def read(self, table: str, kind: type[T]) -> Iterator[T]:
        """The records of a table, in the order of their ids."""
        read = msgspec.json.Decoder(kind).decode
        for body in self.store[table].bodies:
            try:
                yield read(body)
            except msgspec.DecodeError:
                continue

    @cached_property
    def jobs(self) -> list[Job]:
        """Every job."""
        return [*self.read("jobs", Job)]

    @cached_property
    def job(self) -> dict[int, Job]:
        """The jobs by their ids."""
        return {job.id: job for job in self.jobs}

    @cached_property
    def appointments(self) -> list[Appointment]:
        """Every appointment."""
        return [*self.read("appointments", Appointment)]

    @cached_property
    def crews(self) -> dict[int, list[Assignment]]:
        """The active assignments by their appointment."""
        crews: dict[int, list[Assignment]] = {}
        for each in self.read("appointment_assignments", Assignment):
            if each.active:
                crews.setdefault(each.appointmentId, []).append(each)
        return crews

    @cached_property
    def customers(self) -> dict[int, Customer]:
        """The customers by their ids."""
        return {each.id: each for each in self.read("customers", Customer)}

    @cached_property
    def locations(self) -> dict[int, Location]:
        """The locations by their ids."""
        return {each.id: each for each in self.read("locations", Location)}

    @cached_property
    def invoices(self) -> list[Invoice]:
        """Every invoice."""
        return [*self.read("invoices", Invoice)]

    @cached_property
    def technicians(self) -> dict[int, Technician]:
        """The technicians by their ids."""
        return {each.id: each for each in self.read("technicians", Technician)}

    @cached_property
    def campaigns(self) -> dict[int, Campaign]:
        """The campaigns by their ids."""
        return {each.id: each for each in self.read("campaigns", Campaign)}

    @cached_property
    def reasons(self) -> list[Reason]:
        """The call reasons."""
        return [*self.read("call_reasons", Reason)]

    @cached_property
    def units(self) -> dict[int, str]:
        """The names of the business units by their ids."""
        return {each.id: each.name for each in self.read("business_units", Named)}

    @cached_property
    def kinds(self) -> dict[int, str]:
        """The names of the job types by their ids."""
        return {each.id: each.name for each in self.read("job_types", Named)}

"""The standard lists' records: of each the few fields that the writers of other lists need."""

from __future__ import annotations

from typing import Any

import msgspec


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

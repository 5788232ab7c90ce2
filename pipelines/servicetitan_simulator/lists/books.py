"""The standard lists as the writers of other lists read them; a record that somebody has made odd is left out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TypeVar

import msgspec

from ..store import Store
from .records import Appointment, Assignment, Campaign, Customer, Invoice, Job, Location, Named, Reason, Technician

T = TypeVar("T")


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

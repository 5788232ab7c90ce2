"""Every typed column reads a field of that type: data/field_types.json has ServiceTitan's types, May 2026."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from dbt_support import COMPANIONS, ENTITIES, PROJECT

FIELDS: dict[str, dict[str, str]] = json.loads((Path(__file__).parent / "data/field_types.json").read_text())
FITTING = {
    "text": {"string", "string(email)", "string(html)", "string(multiline)", "string(phone)", "enum"},
    "bigint": {"int32", "int64"},
    "number": {"decimal", "double"},
    "flag": {"boolean"},
    "instant": {"date-time"},
    "business_date": {"date"},
    "json": {"object[]", "array of string", "array of enum"},
    "bigints": {"array of int64"},
}
FITTING |= {"label": FITTING["text"], "whole_number": FITTING["bigint"]}

DEVIATIONS = {
    "money is a text in accounting": """
        invoices.subTotal invoices.salesTax invoices.discountTotal invoices.total invoices.balance
        payments.total payments.unappliedAmount""",
    "a calendar date of the tenant that is written as midnight UTC": """
        invoices.invoiceDate invoices.dueDate invoices.paidOn invoices.depositedOn payments.date technicians.startDate
        installed_equipment.installedOn
        installed_equipment.manufacturerWarrantyStart installed_equipment.manufacturerWarrantyEnd
        installed_equipment.serviceProviderWarrantyStart installed_equipment.serviceProviderWarrantyEnd""",
    "employee_id is the payroll id, a text; a technician without one has the user's id in its place": """
        technicians.userId""",
}


ITEMS = {("payments", "appliedTo"): "appliedTo[].appliedTo"}


class Reading(NamedTuple):
    """A column's accessor and the field that it reads."""

    accessor: str
    entity: str
    path: str

    @property
    def type(self) -> str:
        return FIELDS[self.entity].get(self.path, "no such field")


def readings() -> Iterator[Reading]:
    for entity in ENTITIES:
        [model] = PROJECT.glob(f"models/servicetitan/*/st_{entity}.sql")
        called = re.findall(r"(\w+)\('([\w.]+)'((?:, \d+)*(?:, '[\[\]{}]+')?)\)", model.read_text())
        yield from (Reading(accessor, entity, path) for accessor, path, _ in called if accessor in FITTING)
        companions = re.findall(r"(\w+)\('(\w+)', 'part.record'\)", model.read_text())
        yield from (Reading(accessor, "appointment_assignments", path) for accessor, path in companions)
        items = re.findall(r"(\w+)\('(\w+)', 'part'\)", model.read_text())
        yield from (Reading(accessor, entity, ITEMS[entity, path]) for accessor, path in items)
    for companion, parent_id in COMPANIONS.items():
        yield Reading("whole_number", companion, parent_id)


def test_every_typed_column_reads_a_field_of_its_type_or_says_why_not() -> None:
    misfits = {f"{read.entity}.{read.path}" for read in readings() if read.type not in FITTING[read.accessor]}
    assert misfits == set(" ".join(DEVIATIONS.values()).split())


def test_no_accessor_is_overlooked() -> None:
    written = "".join(path.read_text() for path in PROJECT.glob("models/servicetitan/*/st_*.sql"))
    accessors = "|".join(FITTING)
    assert len(re.findall(rf"\b(?:{accessors})\('", written)) == len(list(readings())) - len(COMPANIONS)

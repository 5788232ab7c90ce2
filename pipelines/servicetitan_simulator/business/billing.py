"""What is billed: lines of pricebook items and the bill that they add up to, in whole cents.

lines -> subTotal + salesTax = total;  total - payments applied = balance
"""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from .. import clock
from ..store import Row
from . import catalog
from .company import Company
from .custom_fields import values
from .handles import Sku, Technician, Unit
from .people import Customer, Location


@dataclass
class Line:
    """A sold quantity (in hundredths) of one pricebook item, in cents."""

    item: Sku
    quantity: int
    item_id: int
    estimate_item: int | None = None

    @property
    def total(self) -> int:
        """Cents."""
        return (self.item.sku.price * self.quantity + 50) // 100

    @property
    def cost(self) -> int:
        """Cents."""
        return (self.item.sku.cost * self.quantity + 50) // 100


@dataclass
class Estimate:
    """What was quoted during a job; `sold` are the ticks of the signature, None while it is not sold."""

    id: int
    job_id: int
    lines: list[Line]
    sold: int | None


@dataclass
class Bill:
    """One invoice on its way: what it is for and when; `paid` in cents grows with the payments."""

    id: int
    customer: Customer
    unit: Unit
    created: int
    done: int | None
    number: str
    location: Location | None = None
    job: Row | None = None
    technician: Technician | None = None
    project_id: int | None = None
    configuration: str = "JobInvoice"
    lines: list[Line] = field(default_factory=list)
    active: bool = True
    paid: int = 0
    paid_on: int | None = None

    @property
    def sub_total(self) -> int:
        """Cents before tax."""
        return sum(line.total for line in self.lines)

    @property
    def tax(self) -> int:
        """Cents."""
        return tax(self.lines)

    @property
    def total(self) -> int:
        """Cents with tax."""
        return self.sub_total + self.tax


def tax(lines: list[Line]) -> int:
    """Sales tax on the taxable lines, rounded once."""
    taxable = sum(line.total for line in lines if line.item.sku.taxable)
    return (taxable * catalog.TAX_RATE + 5_000) // 10_000


def batch(company: Company, at: int) -> Row:
    """The accounting batch of a day."""
    day = clock.day_text(at // clock.DAY)
    return {"id": company.batches + at // clock.DAY, "number": day.replace("-", ""), "name": f"Batch {day}"}


def untyped_values(company: Company, owner: str) -> list[msgspec.Raw] | None:
    """Custom field values as accounting rows have them, often null."""
    return None if company.dice.chance(0.2) else values(company.dice, company.fields[owner], typed=False)

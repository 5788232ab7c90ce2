"""Lists that are filled by types alone: how many rows each has.

A number is the whole count; a share is of the number of jobs.
"""

from __future__ import annotations

from collections.abc import Iterator

from .desk import Desk, Made

NUMBERS = {
    "activity_categories": 7,
    "arrival_windows": 4,
    "booking_provider_tags": 5,
    "budget_code_segments": 3,
    "budget_codes": 20,
    "client_specific_pricing": 6,
    "discounts_and_fees": 8,
    "estimate_templates": 12,
    "gl_account_types": 10,
    "inventory_templates": 5,
    "journal_entries": 48,
    "material_cost_types": 4,
    "materials_markup": 6,
    "proposal_templates": 6,
    "proposal_types": 3,
    "purchase_order_markups": 5,
    "remittance_vendors": 4,
    "report_categories": 9,
    "return_types": 4,
    "schedulers": 3,
}
SHARES = {
    "activities": 0.5,
    "inventory_adjustments": 0.02,
    "location_findings": 0.05,
    "payroll_adjustments": 0.03,
    "purchase_order_requests": 0.02,
    "transfers": 0.03,
}
FEWEST = 6
INACTIVE = 0.1  # of the rows, where there is activity


def by_types(desk: Desk) -> Iterator[Made]:
    """Every field by its type; the first row has them all, and some rows are inactive."""
    share = SHARES.get(desk.name)
    count = NUMBERS.get(desk.name, FEWEST) if share is None else int(len(desk.books.jobs) * share) + FEWEST
    may_be_inactive = "active" in desk.blanks.fields()
    for turn in range(count):
        fields = desk.blanks.whole(desk, full=turn == 0)
        if "name" in fields and share is None:
            fields["name"] = f"{desk.name.replace('_', ' ').capitalize()} {turn + 1}"
        fields.pop(desk.form.key, None)
        active = not may_be_inactive or turn == 0 or (turn != 1 and not desk.dice.chance(INACTIVE))
        yield Made(fields, desk.any_moment() if share else desk.founding(), active=active)

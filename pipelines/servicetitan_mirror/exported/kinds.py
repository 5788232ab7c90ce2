"""The reports that are known. A heading is compared in small letters, without anything but letters and digits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from servicetitan_mirror.places import HERE


@dataclass(frozen=True)
class Kind:
    """A report: what its lines are of, its figures with the headings by which they go, the first of them the main one.

    Its query in sql/ has a column `name` and one of the name of each figure; that of its records has `name`, `record`,
    `day` and `amount`, which is what the record adds to the main figure. `whose` are the words by which the queries of
    reports differ that share them.
    """

    name: str
    title: str
    of: tuple[str, ...]
    figures: Mapping[str, tuple[str, ...]]
    needs: str
    whose: Mapping[str, str] = field(default_factory=dict)

    def sql(self, part: str = "") -> str:
        """The query of its lines, or of its `records`."""
        name = f"{self.name.partition('_by_')[0]}{'_' + part if part else ''}.sql"
        return (HERE / "exported" / "sql" / name).read_text(encoding="utf-8").format(**self.whose)


PERIOD, MONTHS, DAY = "period", "months", "day"  # what has to be said: two days, those of whole months, or one
BUCKETS = {
    "days_0_to_30": ("030", "030days", "current", "upto30", "upto30days", "130", "130days"),
    "days_31_to_60": ("3160", "3160days"),
    "days_61_to_90": ("6190", "6190days"),
    "days_91_to_120": ("91120", "91120days"),
    "days_over_120": ("121", "121days", "120", "over120", "over120days", "120days"),
}
BALANCE = ("total", "balance", "totalbalance", "totaldue", "amountdue", "balancedue", "outstanding", "totalar")
KINDS = (
    Kind(
        "revenue",
        "revenue by business unit",
        ("businessunit", "businessunitname"),
        {
            "revenue": ("totalrevenue", "revenue"),
            "completed_revenue": ("completedrevenue",),
            "non_job_revenue": ("nonjobrevenue",),
            "adjustment_revenue": ("adjustmentrevenue", "adjustments"),
        },
        PERIOD,
    ),
    Kind(
        "receivables_by_customer",
        "AR aging by customer",
        ("customer", "customername"),
        {"balance": BALANCE, **BUCKETS},
        DAY,
        {"table": "st_customers", "id": "customer_id", "unnamed": "'Customer ' || owed.customer_id"},
    ),
    Kind(
        "receivables_by_unit",
        "AR aging by business unit",
        ("businessunit", "businessunitname"),
        {"balance": BALANCE, **BUCKETS},
        DAY,
        {"table": "st_business_units", "id": "business_unit_id", "unnamed": "'No business unit'"},
    ),
    Kind(
        "technicians",
        "technician performance",
        ("technician", "technicianname", "name"),
        {
            "revenue": ("completedrevenue", "revenue", "totalrevenue"),
            "completed": ("completedjobs", "jobscompleted", "completed"),
            "opportunities": ("opportunities", "opportunity", "jobopportunities"),
            "converted": ("convertedjobs", "converted", "opportunitiesconverted"),
            "sold": ("totalsales", "sales"),
            "recalls": ("recalls", "recallscaused", "recalljobs"),
        },
        MONTHS,
    ),
)

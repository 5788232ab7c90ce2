"""What the report shows: its sections, and the queries that they are drawn from."""

from __future__ import annotations

from dataclasses import dataclass

from servicetitan_mirror.places import HERE

SCHEMA = "analytics"


@dataclass(frozen=True)
class Query:
    """A query of sql/ on one mart. `lists` are those beyond the standard ones without which there is no such mart."""

    name: str
    mart: str
    lists: tuple[str, ...] = ()

    @property
    def sql(self) -> str:
        """The statement; its first column is `tenant_id`."""
        return (HERE / "report" / "sql" / f"{self.name}.sql").read_text(encoding="utf-8").strip()


@dataclass(frozen=True)
class Section:
    """A part of the report. `scope` says which of the reader's choices it follows.

    `parts` are what it is made of: chart, legend, ranking (a table of names), figures (a table of months).
    """

    name: str
    title: str
    query: Query
    definition: str
    scope: str
    parts: tuple[str, ...]


BUSINESS = Query("business", "business_by_month")
RECEIVABLES = Query("receivables", "receivables_aging")
COLLECTIONS = Query("collections", "collections_by_day")
TECHNICIANS = Query("technicians", "technician_scorecard")
CAMPAIGNS = Query("campaigns", "campaign_return", ("calls", "campaign_costs"))
MEMBERSHIPS = Query("memberships", "memberships_by_month", ("memberships",))
QUERIES = (BUSINESS, RECEIVABLES, COLLECTIONS, TECHNICIANS, CAMPAIGNS, MEMBERSHIPS)

BOTH = "In the chosen months and business unit. The month that is not over is paler."
MONTHS = "In the chosen months, of all business units."

SECTIONS = (
    Section(
        "revenue",
        "Revenue",
        BUSINESS,
        "What was invoiced on items of an income account: of jobs in the month in which they were completed, of "
        "invoices without a job and of adjustments in the month of the invoice.",
        BOTH,
        ("chart", "legend", "ranking", "figures"),
    ),
    Section(
        "jobs",
        "Jobs booked, completed and canceled",
        BUSINESS,
        "Booked are the jobs that were made in the month, canceled those of them that are canceled now, completed "
        "those that were completed in it, whenever they were booked.",
        BOTH,
        ("chart", "legend", "figures"),
    ),
    Section(
        "close-rate",
        "Close rate",
        BUSINESS,
        "Sales opportunities that were closed, as a share of all sales opportunities. Over several months and business "
        "units both are summed before they are divided.",
        BOTH,
        ("chart", "figures"),
    ),
    Section(
        "receivables",
        "Receivables",
        RECEIVABLES,
        "What was owed at the end of each month, of this month until today, by the age of the invoice then.",
        f"{BOTH} It reaches back a year.",
        ("chart", "legend", "figures"),
    ),
    Section(
        "collections",
        "Money collected",
        COLLECTIONS,
        "Payments in the month of the payment, and how long the invoices had waited that they pay, on average over the "
        "money.",
        BOTH,
        ("chart", "figures"),
    ),
    Section(
        "technicians",
        "Technicians",
        TECHNICIANS,
        "By revenue, of which each technician of a job has the same share. The conversion rate is converted jobs as a "
        "share of opportunities, both summed first.",
        MONTHS,
        ("ranking",),
    ),
    Section(
        "campaigns",
        "Campaigns",
        CAMPAIGNS,
        "By revenue. Cost per lead is cost ÷ lead calls, return is revenue ÷ cost, each summed first.",
        MONTHS,
        ("ranking",),
    ),
    Section(
        "memberships",
        "Memberships",
        MEMBERSHIPS,
        "New, canceled and expired memberships of each month, and how many were active when it began. Churn is "
        "canceled and expired as a share of those.",
        MONTHS,
        ("chart", "legend", "figures"),
    ),
)

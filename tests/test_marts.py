"""The marts: each measure by its hand-computed rows, and an owner's questions by the simulator's own books.

The books are the records that the simulator serves; what follows from them is computed in `books`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from books import Figures, business, closed_of, collected, here, owed, revenue
from conftest import ROOT
from dbt_support import LandedDatabase
from mirror import Mirror
from servers import new_database
from servicetitan_mirror.postgres.warehouse import Warehouse

MARTS = sorted(path.stem for path in (ROOT / "dbt_project" / "models" / "marts").glob("*/*.sql"))
QUERIES = sorted((ROOT / "analyses").glob("*.sql"))


@pytest.fixture(scope="module")
def landed(embedded_18: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> LandedDatabase:
    """The tables and the marts, built of one record of each list."""
    database = LandedDatabase(new_database(embedded_18), tmp_path_factory.mktemp("profiles"))
    database.land_everything()
    assert database.run() == []
    return database


@pytest.fixture(scope="module")
def mirrored(embedded_18: Warehouse, root: Path) -> Iterator[Mirror]:
    """A business in Chicago."""
    with business(embedded_18, root) as mirror:
        yield mirror


def test_every_measure_is_what_its_rows_say_by_hand(landed: LandedDatabase) -> None:
    result = landed.dbt("test", "--select", "tag:mart")
    bad = [f"{each.node.name}: {each.message}" for each in result.result if each.status not in ("pass", "warn")]
    kinds = Counter(each.node.resource_type.value for each in result.result)
    assert (bad, kinds["unit_test"] >= 18, kinds["test"] >= 90) == ([], True, True)


def test_a_sync_leaves_every_mart_where_analysts_may_read_it(mirrored: Mirror) -> None:
    readable = """
        select relname from pg_class where relnamespace = 'analytics'::regnamespace
            and has_schema_privilege('servicetitan_analyst', 'analytics', 'usage')
            and has_table_privilege('servicetitan_analyst', oid, 'select') order by 1
    """
    assert [name for (name,) in mirrored.rows(readable)] == MARTS


def test_revenue_by_month_and_business_unit_is_that_of_the_books(mirrored: Mirror) -> None:
    booked: dict[tuple[date, int, str], Decimal] = defaultdict(Decimal)
    for day, unit, kind, amount in revenue(mirrored):
        booked[day.replace(day=1), unit, kind] += amount
    shown = """
        select month, business_unit_id, kind, amount from analytics.business_by_month cross join lateral (values
            ('Completed', completed_revenue), ('Non-Job', non_job_revenue), ('Adjustment', adjustment_revenue)
        ) as part (kind, amount) where amount <> 0
    """
    found = {(month, unit, kind): amount for month, unit, kind, amount in mirrored.rows(shown)}
    assert found == {key: amount for key, amount in booked.items() if amount}
    assert {kind for _, _, kind in found} == {"Completed", "Non-Job", "Adjustment"}
    daily = "select sum(revenue) from analytics.revenue_by_business_unit_and_day"
    assert mirrored.row(daily) == (sum(booked.values()),)


def test_the_close_rate_by_month_is_that_of_the_books(mirrored: Mirror) -> None:
    closed, of = closed_of(mirrored)
    figures = "sum(closed_opportunities), sum(sales_opportunities)"
    shown = f"select month, {figures} from analytics.business_by_month group by 1"
    found = {month: (part, whole) for month, part, whole in mirrored.rows(shown) if whole}
    assert found == {month: (closed[month], of[month]) for month in of}
    assert 0 < sum(closed.values()) < sum(of.values())
    by_estimates = shown.replace("business_by_month", "estimates_by_month")
    assert {month: (part, whole) for month, part, whole in mirrored.rows(by_estimates) if whole} == found


def test_receivables_of_any_day_are_those_of_the_books(mirrored: Mirror) -> None:
    (today,) = mirrored.row("select today from analytics.dim_tenants")
    days = [today - timedelta(days=ago) for ago in (0, 1, 31, 90, 365)]
    shown = "select day, sum(balance) from analytics.receivables_aging group by day"
    found: Figures = dict(mirrored.rows(shown))
    assert {day: found.get(day, Decimal()) for day in days} == {day: owed(mirrored, day) for day in days}
    assert found[today] == sum(Decimal(each["balance"]) for each in mirrored.listed("invoices") if each["active"]) > 0
    buckets = "days_0_to_30 + days_31_to_60 + days_61_to_90 + days_91_to_120 + days_over_120"
    assert mirrored.row(f"select bool_and(balance = {buckets}) from analytics.receivables_aging") == (True,)


def test_collections_by_day_are_the_payments_of_the_books(mirrored: Mirror) -> None:
    shown = "select day, sum(collected) from analytics.collections_by_day group by 1"
    assert dict(mirrored.rows(shown)) == collected(mirrored)


def test_booked_completed_and_canceled_jobs_are_those_of_the_books(mirrored: Mirror) -> None:
    jobs = mirrored.listed("jobs")
    booked = Counter(here(job["createdOn"]) for job in jobs)
    canceled = Counter(here(job["createdOn"]) for job in jobs if job["jobStatus"] == "Canceled")
    completed = Counter(here(job["completedOn"]) for job in jobs if job["jobStatus"] == "Completed")
    shown = "select day, sum(booked), sum(canceled), sum(completed) from analytics.jobs_by_day group by 1"
    days = booked.keys() | completed.keys()
    assert {day: tuple(figures) for day, *figures in mirrored.rows(shown)} == {
        day: (booked[day], canceled[day], completed[day]) for day in days
    }


def test_the_technicians_shares_are_the_revenue_of_their_jobs(mirrored: Mirror) -> None:
    whole = "select sum(revenue) from analytics.fct_jobs where cardinality(technician_ids) > 0"
    shares = "select sum(revenue), sum(converted) <= sum(opportunities) from analytics.technician_scorecard"
    of_all, part = mirrored.row(shares)
    assert (round(of_all, 2), part) == (round(mirrored.row(whole)[0], 2), True)


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_a_ready_query_says_what_it_answers_and_runs(mirrored: Mirror, path: Path) -> None:
    question, query = path.read_text().split("\n", 1)
    mirrored.rows(query)
    assert (question[:3], question[3].isupper(), query.startswith("select\n")) == ("-- ", True, True)


def test_a_change_of_one_job_is_in_the_marts_when_its_sync_ends(mirrored: Mirror) -> None:
    revenue_of = "select revenue_day, sum(revenue) from analytics.fct_invoice_items where job_id = {} group by 1"
    item = "select job_id from analytics.fct_invoice_items where revenue_kind = 'Completed' and revenue > 0 limit 1"
    (job,) = mirrored.row(item)
    ((_, amount),) = mirrored.rows(revenue_of.format(job))
    mirrored.source.set("jobs", job, {"completedOn": "2026-03-01T05:59:59Z"})
    outcomes: dict[str, Any] = mirrored.sync()
    assert mirrored.rows(revenue_of.format(job)) == [(date(2026, 2, 28), amount)]
    assert "models" not in outcomes  # views show it by themselves

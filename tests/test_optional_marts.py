"""The measures that need optional lists: their cases by hand, and their figures against the simulator's own records."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dbt.cli.main import dbtRunnerResult

from dbt_support import manifest, run_dbt, write_profile
from mirror import Mirror, simulator
from servers import new_database
from servicetitan_mirror.entities import OPTIONAL
from servicetitan_mirror.postgres.warehouse import Warehouse
from servicetitan_mirror.tables import optional

LISTS = (
    *("calls", "campaign_costs", "memberships", "purchase_orders"),
    *("gross_pay_items", "job_timesheets", "technician_shifts"),
)
MARTS = {
    "fct_calls": ("calls",),
    "call_booking_by_agent": ("calls",),
    "call_booking_by_campaign": ("calls",),
    "campaign_return": ("calls", "campaign_costs"),
    "memberships_by_month": ("memberships",),
    "job_margin": ("gross_pay_items", "purchase_orders"),
    "job_hours_by_technician_and_month": ("job_timesheets",),
    "labour_by_technician_and_month": ("gross_pay_items", "job_timesheets"),
    "schedule_utilisation": ("technician_shifts",),
}
TESTED = (*MARTS, "fct_custom_fields", "fct_tags")
ZONE = "America/Chicago"
Month = tuple[int, int]


@pytest.fixture(scope="module")
def business(embedded_18: Warehouse, root: Path) -> Iterator[Mirror]:
    """A mirror of the standard lists and those of the measures, synced once."""
    settings = {"entities": ",".join(["standard", *LISTS]), "timezone": ZONE}
    with simulator(customers=40) as source:
        mirror = Mirror(source, new_database(embedded_18), root, settings)
        outcomes = mirror.sync()
        assert {name: each.error for name, each in outcomes.items() if each.status != "completed"} == {}
        yield mirror


@pytest.fixture(scope="module")
def folders(business: Mirror) -> str:
    """The folders of the dbt project that belong to it, as dbt is told of them."""
    with closing(business.warehouse.connect()) as connection:
        return " ".join(optional.in_use(connection, business.root))


def test_every_measure_has_its_cases_by_hand_and_its_key(
    business: Mirror, folders: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    profiles = write_profile(tmp_path_factory.mktemp("profiles"), business.warehouse.dsn)
    tested: Any = run_dbt(profiles, "test", "--select", *TESTED, lists=folders).result
    assert {each.node.name: each.message for each in tested if each.status not in ("pass", "warn")} == {}
    parsed = manifest(profiles, folders)
    assert {*TESTED} <= {each.model for each in parsed.unit_tests.values()}
    keys = {each.attached_node for key, each in parsed.nodes.items() if ".unique_together_" in key}
    assert {f"model.servicetitan_mirror.{name}" for name in TESTED} <= keys


def test_a_measure_is_read_where_all_its_lists_are_chosen(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    profiles = write_profile(tmp_path_factory.mktemp("profiles"), "postgresql://nobody@localhost/nothing")
    for chosen in ((), ("calls",), ("gross_pay_items", "purchase_orders")):
        folders = optional.of([each for each in OPTIONAL if each.name in chosen], root)
        nodes = manifest(profiles, " ".join(folders)).nodes.values()
        read = {node.name for node in nodes if node.resource_type == "model"}
        assert read & MARTS.keys() == {name for name, lists in MARTS.items() if {*lists} <= {*chosen}}


def test_booking_rates_are_those_of_the_sources_calls(business: Mirror) -> None:
    inbound, booked, unbooked = Counter[Any](), Counter[Any](), Counter[Any]()
    for call in (each["leadCall"] for each in business.source.records("calls")):
        if call["direction"] == "Inbound" and call["active"]:
            key = (call["agent"] or {}).get("id"), *month_of(call["receivedOn"])
            counts = seconds(call["duration"]) >= 60 or bool(call["reason"] and call["reason"]["lead"])
            inbound[key] += 1
            booked[key] += counts and call["callType"] == "Booked"
            unbooked[key] += counts and call["callType"] == "Unbooked"
    expected = {key: (inbound[key], booked[key], unbooked[key]) for key in inbound}
    rows = business.rows("""
        select agent_id, extract(year from month)::int, extract(month from month)::int,
            inbound_calls, booked_calls, unbooked_calls
        from analytics.call_booking_by_agent
    """)
    assert {row[:3]: row[3:] for row in rows} == expected
    assert sum(booked.values()) > 20 and sum(unbooked.values()) > 3


def test_what_jobs_leave_is_that_of_the_sources_books_to_the_cent(business: Mirror) -> None:
    jobs = {each["id"] for each in business.source.records("jobs") if each["jobStatus"] == "Completed"}
    revenue: dict[int, Decimal] = defaultdict(Decimal)
    cost: dict[int, Decimal] = defaultdict(Decimal)
    for invoice in business.source.records("invoices"):
        for item in (invoice["items"] or ()) if invoice["job"] and invoice["active"] else ():
            if (item["generalLedgerAccount"] or {}).get("type") == "Income":
                revenue[invoice["job"]["id"]] += Decimal(item["total"])
            if item["type"] in ("Material", "Equipment"):
                cost[invoice["job"]["id"]] += Decimal(item["totalCost"])
    for order in business.source.records("purchase_orders"):
        cost[order["jobId"]] += Decimal(order["total"]) if order["status"] != "Canceled" else 0
    for paid in business.source.records("gross_pay_items"):
        cost[paid["jobId"]] += Decimal(paid["amount"]) + Decimal(paid["amountAdjustment"] or 0)
    margins = "select job_id, revenue, total_cost, gross_margin from analytics.job_margin"
    expected = {id: (revenue[id], cost[id], revenue[id] - cost[id]) for id in jobs}
    assert {row[0]: row[1:] for row in business.rows(margins)} == expected
    assert sum(revenue[id] for id in jobs) > 10_000 and all(sum(each.values()) > 1000 for each in (revenue, cost))


def test_what_campaigns_earn_is_the_completed_revenue_of_their_jobs_to_the_cent(business: Mirror) -> None:
    jobs: dict[Any, Any] = {
        each["id"]: each for each in business.source.records("jobs") if each["jobStatus"] == "Completed"
    }
    expected: dict[tuple[int, ...], Decimal] = defaultdict(Decimal)
    for invoice in business.source.records("invoices"):
        job = jobs.get((invoice["job"] or {}).get("id"), {})
        for item in (invoice["items"] or ()) if invoice["active"] and not invoice["adjustmentToId"] else ():
            if job.get("campaignId") and (item["generalLedgerAccount"] or {}).get("type") == "Income":
                expected[(job["campaignId"], *month_of(job["completedOn"]))] += Decimal(item["total"])
    rows = business.rows("""
        select campaign_id, extract(year from month)::int, extract(month from month)::int, revenue
        from analytics.campaign_return where revenue <> 0
    """)
    assert {row[:3]: row[3] for row in rows} == {key: sum for key, sum in expected.items() if sum}
    assert len(expected) > 10


def test_what_campaigns_cost_is_their_daily_cost_times_the_days_so_far(business: Mirror) -> None:
    ((today,),) = business.rows("select today from analytics.dim_tenants")
    expected: dict[Month, Decimal] = defaultdict(Decimal)
    for cost in business.source.records("campaign_costs"):
        first = datetime(cost["year"], cost["month"], 1).date()
        after = datetime(cost["year"] + cost["month"] // 12, cost["month"] % 12 + 1, 1).date()
        days = min((after - first).days, (today - first).days + 1)
        expected[cost["year"], cost["month"]] += Decimal(cost["dailyCost"]) * max(days, 0)
    rows = business.rows("""
        select extract(year from month)::int, extract(month from month)::int, sum(cost)
        from analytics.campaign_return group by 1, 2 having sum(cost) <> 0
    """)
    assert {row[:2]: row[2] for row in rows} == {key: sum for key, sum in expected.items() if sum}


def test_memberships_at_the_end_are_those_that_are_active_now(business: Mirror) -> None:
    now = Counter(each["status"] for each in business.source.records("memberships") if each["active"])
    sums = "select sum(new_sales + renewals), sum(canceled), sum(expired + renewed) from analytics.memberships_by_month"
    last = "select active_at_end from analytics.memberships_by_month order by month desc limit 1"
    begun = now["Active"] + now["Suspended"] + now["Canceled"] + now["Expired"]
    assert business.row(sums) == (begun, now["Canceled"], now["Expired"])
    assert business.row(last) == (now["Active"] + now["Suspended"],)


def test_hours_and_pay_of_technicians_are_those_of_the_source(business: Mirror) -> None:
    sheets = [each for each in business.source.records("job_timesheets") if each["active"] and not each["canceledOn"]]
    paid = business.source.records("gross_pay_items")
    worked = sum(hours(each["arrivedOn"], each["doneOn"]) for each in sheets if each["doneOn"])
    sums = "select sum(labour_cost), sum(paid_hours), round(sum(working_hours), 2)"
    assert business.row(f"{sums} from analytics.labour_by_technician_and_month") == (
        sum(Decimal(each["amount"]) for each in paid),
        sum(Decimal(each["paidDurationHours"]) for each in paid),
        round(worked, 2),
    )


def test_a_field_of_the_tenants_own_is_a_column(business: Mirror, tmp_path: Path) -> None:
    columns = """
        {{ custom_field_columns(['System age', "Owner's 1st"]) }},
        {{ custom_field_columns({'System age': 'age'}) }},
        {{ names_of_tags() }} as tag_names
    """
    asked: Any = select_of_jobs(columns, business, tmp_path).result
    found = business.rows(f"select system_age, owner_s_1st, age, tag_names from ({asked[0].node.compiled_code}) as job")
    tags = {each["id"]: each["name"] for each in business.source.records("tag_types")}
    expected = []
    for job in business.source.records("jobs"):
        age = next((field["value"] for field in job["customFields"] if field["name"] == "System age"), None)
        expected.append((age, None, age, ", ".join(sorted(tags[id] for id in job["tagTypeIds"])) or None))
    assert Counter(found) == Counter(expected)
    assert len({age for age, *_ in found}) > 2


def test_two_fields_that_would_be_one_column_are_refused(
    business: Mirror, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert not select_of_jobs("{{ custom_field_columns(['Gate code', 'GATE-CODE']) }}", business, tmp_path).success
    assert "Two custom fields would be the column gate_code" in capfd.readouterr().out


def select_of_jobs(columns: str, business: Mirror, folder: Path) -> dbtRunnerResult:
    """What dbt makes of these columns of jobs."""
    profiles = write_profile(folder, business.warehouse.dsn)
    return run_dbt(profiles, "compile", "--inline", f"select {columns} from {{{{ ref('st_jobs') }}}}")


def month_of(instant: str) -> Month:
    """The month of an instant where the business is."""
    day = datetime.fromisoformat(instant[:19] + "+00:00").astimezone(ZoneInfo(ZONE))
    return day.year, day.month


def seconds(duration: str) -> int:
    hour, minute, second = duration.split(":")
    return int(hour) * 3600 + int(minute) * 60 + int(float(second))


def hours(begin: str, end: str) -> Decimal:
    between = datetime.fromisoformat(end[:19]) - datetime.fromisoformat(begin[:19])
    return Decimal(between.total_seconds()) / 3600

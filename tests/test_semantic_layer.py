"""Metrics, asked of MetricFlow by name: their figures are those of the marts' own SQL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import yaml
from dbt.cli.main import dbtRunner
from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.postgres import PostgresSQLSqlPlanRenderer
from metricflow_semantics.model.dbt_manifest_parser import parse_manifest_from_dbt_generated_manifest
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

from books import HERE, make_odd
from dbt_support import PROJECT, write_profile
from mirror import Mirror, simulator
from servers import new_database
from servicetitan_mirror.postgres.warehouse import Warehouse
from servicetitan_mirror.tables import optional
from servicetitan_mirror.tables.dbt_access import environment

LISTS = ("calls", "memberships")
FOLDERS = sorted(path.name for path in (PROJECT / optional.SEMANTIC).iterdir())
FILES = sorted((PROJECT / optional.SEMANTIC).glob("*/*.yml"))
MONTH = "metric_time__month"
UNIT = "business_unit__business_unit_name"

# metrics, what they are grouped by, and the SQL of a mart that says the same
QUESTIONS = {
    "invoice_items": (
        ["revenue", "completed_revenue", "non_job_revenue", "adjustment_revenue"],
        [MONTH, UNIT],
        """
            select month, business_unit, revenue, completed_revenue, non_job_revenue, adjustment_revenue
            from analytics.business_by_month
        """,
    ),
    "jobs": (
        ["jobs_booked", "jobs_canceled", "jobs_completed", "average_ticket", "close_rate"],
        [MONTH],
        """
            select month, sum(booked), sum(canceled), sum(completed),
                sum(opportunity_revenue) / nullif(sum(opportunities), 0),
                1.0 * sum(closed_opportunities) / nullif(sum(sales_opportunities), 0)
            from analytics.business_by_month group by 1
        """,
    ),
    "job_types": (
        ["opportunities", "opportunities_converted", "opportunity_revenue"],
        [MONTH, UNIT, "job_type__job_type_name"],
        "select month, business_unit, job_type, opportunities, converted, revenue from analytics.average_ticket",
    ),
    "estimates": (
        ["estimates_made", "sales"],
        [MONTH, UNIT],
        "select month, business_unit, created, sold_value from analytics.estimates_by_month",
    ),
    "payments": (
        ["collections"],
        ["metric_time__day", UNIT],
        "select day, business_unit, collected from analytics.collections_by_day where payments > 0",
    ),
    "payment_applications": (
        ["applied", "days_to_pay"],
        ["metric_time__day", UNIT],
        "select day, business_unit, applied, days_to_pay from analytics.collections_by_day where applied <> 0",
    ),
    "receivables": (
        ["receivables", "receivables_over_90_days"],
        [MONTH],
        """
            select date_trunc('month', day), sum(balance), sum(days_91_to_120 + days_over_120)
            from analytics.receivables_aging
            where day in (select max(day) from analytics.receivables_aging group by date_trunc('month', day))
            group by 1
        """,
    ),
    "campaigns": (
        ["jobs_booked"],
        ["campaign__campaign_name"],
        "select campaign, sum(booked) from analytics.jobs_by_day group by 1",
    ),
    "customers": (
        ["collections"],
        ["customer__customer_type"],
        """
            select type, sum(amount) from analytics.fct_payments left join analytics.dim_customers
            using (tenant_id, customer_id) group by 1
        """,
    ),
    "tenants": (
        ["revenue"],
        ["tenant__tenant_name"],
        """
            select name, sum(revenue) from analytics.business_by_month
            inner join analytics.dim_tenants using (tenant_id) group by 1
        """,
    ),
    "business_units": (
        ["revenue"],
        [UNIT],
        "select business_unit, sum(revenue) from analytics.business_by_month group by 1",
    ),
    "calls": (
        ["calls_inbound", "leads", "call_booking_rate"],
        [MONTH, "call__agent_name"],
        "select month, agent_name, inbound_calls, lead_calls, booking_rate from analytics.call_booking_by_agent",
    ),
    "memberships": (
        ["memberships_active", "memberships_new", "memberships_lost", "membership_churn"],
        [MONTH],
        "select month, active_at_end, new_sales, canceled + expired, churn_rate from analytics.memberships_by_month",
    ),
}


class Postgres:
    """What MetricFlow has to know of a database in order to write its SQL."""

    sql_engine_type = SqlEngine.POSTGRES
    sql_plan_renderer = PostgresSQLSqlPlanRenderer()


@pytest.fixture(scope="module")
def mirrored(embedded_18: Warehouse, root: Path) -> Iterator[Mirror]:
    settings = {"entities": ",".join(["standard", *LISTS]), "timezone": HERE}
    with simulator(60) as source:
        mirror = Mirror(source, new_database(embedded_18), root, settings)
        make_odd(mirror)
        mirror.sync()
        yield mirror


@pytest.fixture(scope="module")
def metrics(mirrored: Mirror, tmp_path_factory: pytest.TempPathFactory) -> MetricFlowEngine:
    """MetricFlow over the project, which dbt parses without a warning, all metrics included."""
    folder = write_profile(tmp_path_factory.mktemp("profiles"), mirrored.warehouse.dsn)
    read = {optional.VARIABLE: " ".join(LISTS), optional.SEMANTIC_VARIABLE: " ".join(FOLDERS)}
    where = ["--project-dir", str(PROJECT), "--profiles-dir", str(folder), "--target-path", str(folder / "target")]
    with patch.dict(os.environ, read):
        done = dbtRunner().invoke(["parse", "--warn-error", "--quiet", "--log-level-file", "none", *where])
    assert done.success, done.exception
    manifest = parse_manifest_from_dbt_generated_manifest((folder / "target" / "semantic_manifest.json").read_text())
    return MetricFlowEngine(SemanticManifestLookup(manifest), Postgres())  # type: ignore[arg-type]


def rows(mirror: Mirror, sql: str) -> list[tuple[Any, ...]]:
    """The rows of a query, as an analyst in the business's zone reads them."""
    return mirror.rows(f"set role servicetitan_analyst; set timezone = '{HERE}'; {sql}")


def by_key(found: list[tuple[Any, ...]], keys: int) -> dict[tuple[Any, ...], tuple[Decimal, ...]]:
    """The figures by what they are grouped by; rows without any are left out, and days are dates."""
    said = {}
    for row in found:
        key = tuple(part.date() if hasattr(part, "date") else part for part in row[:keys])
        figures = tuple(round(Decimal(figure or 0), 4) for figure in row[keys:])
        said.update({key: figures} if any(figures) else {})
    return said


@pytest.mark.parametrize("model", QUESTIONS)
def test_a_metric_is_what_the_mart_says(mirrored: Mirror, metrics: MetricFlowEngine, model: str) -> None:
    names, grouped, sql = QUESTIONS[model]
    request = MetricFlowQueryRequest.create(metric_names=names, group_by_names=grouped, order_by_names=grouped)
    compiled = metrics.explain(request).sql_statement.sql
    asked = f"select {', '.join([*grouped, *names])} from ({compiled}) as asked"
    found = by_key(rows(mirrored, asked), len(grouped))
    assert found == by_key(rows(mirrored, sql), len(grouped)) != {}


def test_the_days_that_metrics_run_over_are_there_once(mirrored: Mirror) -> None:
    days = "select count(*), count(distinct day), max(day) > current_date from analytics.time_spine"
    counted, distinct, ahead = mirrored.row(days)
    assert counted == distinct > 9000 and ahead


def test_every_semantic_model_is_asked() -> None:
    models = {model["name"] for path in FILES for model in yaml.safe_load(path.read_text())["semantic_models"]}
    assert models == QUESTIONS.keys()


def test_the_metrics_of_a_list_are_read_where_it_is_in_use_and_by_no_sync(mirrored: Mirror) -> None:
    assert optional.metrics_of(["calls", "campaign_costs"], mirrored.root) == ("standard", "calls")
    named = ("dbt", "--quiet", "ls", "--resource-type", "metric")
    listed = mirrored.command(*named).stdout.split()
    assert {"metric:servicetitan_mirror.revenue", "metric:servicetitan_mirror.call_booking_rate"} <= {*listed}
    assert environment(mirrored.warehouse, LISTS)[optional.SEMANTIC_VARIABLE] == ""

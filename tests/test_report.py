"""The report: one page that needs nothing but itself, whose figures are those of the marts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from browser import CHROMIUM, Page, browser
from mirror import Mirror
from servicetitan_mirror.clock import UTC
from servicetitan_mirror.postgres.warehouse import query
from servicetitan_mirror.report.figures import figures
from servicetitan_mirror.report.page import POLICY, render
from test_serve import COLORS, WIDTHS, get, served

HOSTILE = "</script><script>document.title = 'taken'</script><b>Drains"
NOW = datetime(2026, 11, 27, 3, tzinfo=UTC)
HEADLINES = "Object.fromEntries([...document.querySelectorAll('#headlines div')].map((each) => [...each.children].map((one) => one.textContent)))"
TABLE = """
    [...document.querySelectorAll("section[data-view={}] [data-part={}] tr")].map((row) =>
        [...row.cells].map((cell) => cell.textContent).join(" | "))
"""
CHOOSE = "(() => {{ const each = document.getElementById({!r}); each.value = {!r}; each.dispatchEvent(new Event('change')); }})()"
OUTSIDE = """
    [...document.querySelectorAll("main *")].filter((each) => each.getBoundingClientRect().right > innerWidth + 1
        && !each.closest("[tabindex]")).map((each) => each.outerHTML.slice(0, 80))
"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """A headless Chromium: skipped where Debian's package is not installed; .ci/run installs it."""
    if not CHROMIUM:
        pytest.skip("Chromium is not installed: apt-get install chromium brings it")
    with browser() as running:
        yield running


@pytest.fixture
def business(mirror: Mirror) -> Mirror:
    """A mirror whose marts are tables of a few rows that can be summed by hand; that of campaigns is not there."""
    tenant = mirror.source.tenant_id
    with closing(mirror.warehouse.connect()) as connection:
        query(connection, "drop schema if exists analytics cascade; create schema analytics")
        for mart, rows in MARTS.items():
            query(connection, f"create table analytics.{mart} as select {tenant}::bigint as tenant_id, * from {rows}")
    return mirror


MARTS = {
    "business_by_month": f"""(values
        (date '2026-09-01', 'Plumbing', 1000.10, 9, 8, 1, 4, 800.00, 5, 2, 700.00),
        (date '2026-10-01', 'Plumbing', 2000.20, 10, 9, 1, 5, 900.00, 4, 1, 800.00),
        (date '2026-11-01', 'Plumbing', -50.05, 2, 1, 0, 0, 0.00, 0, 0, 0.00),
        (date '2026-11-01', $${HOSTILE}$$, 300.33, 3, 2, 1, 1, 300.00, 2, 2, 250.00),
        (date '2026-11-01', null, 7.00, 0, 0, 0, 0, 0.00, 0, 0, 0.00)
        ) as mart (month, business_unit, revenue, booked, completed, canceled, opportunities, opportunity_revenue,
        sales_opportunities, closed_opportunities, sold)""",
}

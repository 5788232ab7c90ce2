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
HEADLINES = """
    Object.fromEntries([...document.querySelectorAll("#headlines div")].map((each) =>
        [...each.children].map((one) => one.textContent)))
"""
TABLE = """
    [...document.querySelectorAll("section[data-view={}] [data-part={}] tr")].map((row) =>
        [...row.cells].map((cell) => cell.textContent).join(" | "))
"""
CHOOSE = """
    (() => {{
        const each = document.getElementById("{}");
        each.value = "{}";
        each.dispatchEvent(new Event("change"));
    }})()
"""
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


def written(mirror: Mirror, folder: Path) -> str:
    """The address of the report as a file."""
    path = folder / "report.html"
    path.write_text(render(figures(mirror.warehouse, None), NOW), encoding="utf-8")
    return path.as_uri()


def shown(page: Page, view: str, part: str) -> list[str]:
    """The rows of a table, cells divided by bars."""
    return page.run(TABLE.format(view, part))


def test_the_page_shows_what_the_marts_say_of_the_last_twelve_months(
    business: Mirror, page: Page, tmp_path: Path
) -> None:
    page.open(written(business, tmp_path))
    assert page.run(HEADLINES) == {
        "Revenue": "$3,258",
        "Jobs completed": "20",
        "Average ticket": "$200.00",
        "Booked jobs canceled": "12.5 %",
        "Close rate": "45.5 %",
        "Sales": "$1,750",
        "Owed today": "$351",
    }
    assert shown(page, "revenue", "ranking") == [
        "Business unit | Revenue | Share",
        "Plumbing | $2,950.25 | 90.6 %",
        f"{HOSTILE} | $300.33 | 9.2 %",
        "No business unit | $7.00 | 0.2 %",
    ]
    assert shown(page, "revenue", "figures")[1:] == [
        "Sep 2026 | $1,000.10",
        "Oct 2026 | $2,000.20",
        "Nov 2026 | $257.28",
    ]
    assert shown(page, "jobs", "figures")[1:] == [
        "Sep 2026 | 9 | 8 | 1",
        "Oct 2026 | 10 | 9 | 1",
        "Nov 2026 | 5 | 3 | 1",
    ]
    assert shown(page, "close-rate", "figures")[1:] == [
        "Sep 2026 | 5 | 2 | 40.0 %",
        "Oct 2026 | 4 | 1 | 25.0 %",
        "Nov 2026 | 2 | 2 | 100.0 %",
    ]
    assert shown(page, "receivables", "figures")[1:] == [
        "Sep 2026 | 0 | $0.00 | $0.00 | $0.00 | $0.00 | $0.00 | $0.00",
        "Oct 2026 | 2 | $99.00 | $0.00 | $99.00 | $0.00 | $0.00 | $0.00",
        "Nov 2026 | 3 | $350.75 | $150.50 | $0.00 | $0.00 | $0.00 | $200.25",
    ]
    assert shown(page, "collections", "figures")[1:] == [
        "Sep 2026 | 0 | $0.00 | – | –",
        "Oct 2026 | 3 | $90.90 | 25.0 % | 10.0",
        "Nov 2026 | 1 | -$1.00 | – | –",
    ]
    assert shown(page, "technicians", "ranking")[1:] == [
        "Ann | $900.00 | 12 | 8 | 6 | 75.0 % | $1,000.00 | 1",
        "Technician 8 | $10.50 | 1 | 0 | 0 | – | $0.00 | 0",
    ]
    assert shown(page, "memberships", "figures")[1:] == [
        "Sep 2026 | 0 | 0 | 0 | 0 | 0 | –",
        "Oct 2026 | 40 | 5 | 2 | 1 | 1 | 5.0 %",
        "Nov 2026 | 45 | 0 | 0 | 9 | 0 | 20.0 %",
    ]


def test_months_and_business_unit_can_be_chosen(business: Mirror, page: Page, tmp_path: Path) -> None:
    page.open(written(business, tmp_path))
    page.run(CHOOSE.format("unit", "Plumbing"))
    page.run(CHOOSE.format("to", "2026-10"))
    page.run(CHOOSE.format("from", "2026-10"))
    assert page.run("document.getElementById('chosen').textContent") == "1234567: Oct 2026 to Oct 2026, Plumbing"
    assert shown(page, "revenue", "ranking")[1:] == ["Plumbing | $2,000.20 | 100.0 %"]
    assert shown(page, "close-rate", "figures")[1:] == ["Oct 2026 | 4 | 1 | 25.0 %"]
    assert shown(page, "receivables", "figures")[-1].startswith("Oct 2026 | 2 | $99.00 | $0.00 | $99.00 |")
    assert shown(page, "collections", "figures")[1:] == ["Oct 2026 | 1 | $40.40 | 100.0 % | 7.0"]
    assert page.run(HEADLINES)["Owed today"] == "$151"
    assert page.run("document.querySelector('section[data-view=revenue] svg').getAttribute('aria-label')") == (
        "Revenue by month: $2,000.20 in all."
    )


def test_it_asks_nobody_and_fits_any_screen_in_light_and_dark(business: Mirror, page: Page, tmp_path: Path) -> None:
    address, colors = written(business, tmp_path), set()
    for width, dark in ((1280, False), (1280, True), (390, False), (390, True)):
        page.open(address, width, dark)
        assert (page.run(WIDTHS), page.run(OUTSIDE)) == ([width, width], [])
        assert (page.requested(), page.said()) == ([address], [])
        colors.add(tuple(page.run(COLORS)))
    assert (len(colors), page.run("document.title")) == (2, "The business in figures · 1234567")
    assert page.run("document.querySelectorAll('section rect').length") > 10
    page.run("fetch('https://example.com/').catch(() => 0)")
    assert [said for said in page.said() if "Content Security Policy" in said] != []


def test_a_mart_whose_lists_are_not_mirrored_is_left_out_with_what_to_do(
    business: Mirror, page: Page, tmp_path: Path
) -> None:
    page.open(written(business, tmp_path))
    said = "document.querySelector('section[data-view={}]').innerText"
    assert page.run(said.format("campaigns")) == (
        "Campaigns\n\nNot mirrored: calls and campaign_costs. Choose entities = "
        '["standard", "calls", "campaign_costs"] under [sources.servicetitan], and the next sync makes '
        "analytics.campaign_return."
    )
    business.rows("alter table analytics.technician_scorecard drop column revenue")
    page.open(written(business, tmp_path))
    assert 'column "revenue" does not exist' in page.run(said.format("technicians"))
    assert page.run(HEADLINES)["Revenue"] == "$3,258"


def test_each_section_has_its_definition_and_its_sql_one_click_away(
    business: Mirror, page: Page, tmp_path: Path
) -> None:
    business.rows("comment on column analytics.business_by_month.revenue is 'Said by the <b>mart</b>.'")
    page.open(written(business, tmp_path))
    details = "document.querySelector('section[data-view=revenue] details:last-of-type')"
    assert page.run(f"{details}.open") is False
    page.run(f"{details}.querySelector('summary').click()")
    text = page.run(f"{details}.innerText")
    assert "items of an income account" in text and "Said by the <b>mart</b>." in text
    sql = page.run(f"{details}.querySelector('pre').textContent")
    assert len(business.rows(sql)) == 5


def test_the_command_writes_it_to_a_file_or_to_standard_output(business: Mirror, tmp_path: Path) -> None:
    path = tmp_path / "of the month.html"
    done = business.command("report", "--output", str(path))
    assert (done.returncode, done.stdout) == (0, f"wrote {path}: {path.stat().st_size:,} bytes\n")
    assert "left out: Not mirrored: calls and campaign_costs." in done.stderr
    piped = business.command("report", "--output", "-", "--tenant", business.source.tenant_id)
    assert (piped.returncode, piped.stdout.startswith("<!doctype html>")) == (0, True)
    nowhere = business.command("report", "--output", str(tmp_path / "no" / "folder"))
    assert (nowhere.returncode, "cannot be written: No such file or directory." in nowhere.stderr) == (2, True)


def test_the_figures_of_a_synced_tenant_are_those_of_its_marts(mirror: Mirror, page: Page, tmp_path: Path) -> None:
    page.open(written(mirror, tmp_path))
    page.run("document.querySelector('button[data-months=\"0\"]').click()")
    missing = "[...document.querySelectorAll('.missing')].map((each) => each.parentElement.dataset.view)"
    assert page.run(missing) == ["campaigns", "memberships"]
    for view, sql in SUMS.items():
        assert shown(page, view, "figures")[1:] == [line for (line,) in mirror.rows(sql)]


def test_nothing_to_report_on_is_a_sentence(empty_mirror: Mirror) -> None:
    done = empty_mirror.command("report", "--output", "-")
    assert (done.returncode, done.stdout) == (1, "")
    assert "Nothing was synced into this database yet." in done.stderr
    with served(empty_mirror.warehouse) as place:
        assert get(place, "/report") == (503, "Nothing was synced into this database yet. Run: servicetitan sync")


def test_it_is_served_fresh_to_who_may_see_it(business: Mirror, page: Page) -> None:
    with served(business.warehouse) as place:
        page.open(f"http://{place}/report")
        assert page.run(HEADLINES)["Owed today"] == "$351"
        assert (page.requested(), page.said()) == ([f"http://{place}/report"], [])
    with served(business.warehouse, "hör zu, Welt") as place:
        assert get(place, "/report")[0] == 401


def test_what_dbt_has_documented_is_served_beside_it(
    mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path))
    with served(mirror.warehouse) as place:
        assert get(place, "/docs") == (404, "Not written yet: servicetitan dbt docs generate --static writes it.")
        (tmp_path / "static_index.html").write_text("<title>dbt Docs</title>")
        assert get(place, "/docs") == (200, "<title>dbt Docs</title>")


def test_several_tenants_are_chosen_from_and_each_has_its_own_figures(
    business: Mirror, page: Page, tmp_path: Path
) -> None:
    for table in ("sync_cursors", "sync_log"):
        columns = [name for (name,) in business.rows(COLUMNS.format(table))]
        others = [{"tenant_id": "42", "run_id": "gen_random_uuid()"}.get(name, name) for name in columns]
        copied = f"({', '.join(columns)}) select {', '.join(others)} from raw_servicetitan.{table}"
        business.rows(f"insert into raw_servicetitan.{table} {copied}")
    business.rows("update analytics.business_by_month set tenant_id = 42 where revenue < 0")
    page.open(written(business, tmp_path))
    page.run(CHOOSE.format("tenant", "42"))
    assert page.run(HEADLINES)["Revenue"] == "-$50"
    page.run(CHOOSE.format("tenant", business.source.tenant_id))
    assert page.run(HEADLINES)["Revenue"] == "$3,308"


def test_nothing_in_a_figure_ends_the_script_that_it_stands_in(business: Mirror) -> None:
    html = render(figures(business.warehouse, None), NOW)
    (found,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', html)
    assert HOSTILE in [row[1] for row in json.loads(found)["answers"]["business"]["rows"][business.source.tenant_id]]
    assert (html.count("<script"), POLICY.count("unsafe")) == (2, 0)


COLUMNS = """
    select column_name from information_schema.columns
    where table_schema = 'raw_servicetitan' and table_name = '{}' and column_name <> 'id'
"""
DOLLARS = "case when {0} < 0 then '-' else '' end || to_char(abs({0}), 'FM$999,999,990.00')"
MONTHS = f"""
    from generate_series(
        (select min(month) from analytics.business_by_month), date '{NOW:%Y-%m-01}', interval '1 month'
    ) as month
"""
SUMS = {
    "revenue": f"""
        select to_char(month, 'Mon YYYY | ') || {DOLLARS.format("sum(coalesce(revenue, 0))")}
        {MONTHS} left join analytics.business_by_month using (month) group by month order by month
    """,
    "jobs": f"""
        select concat_ws(' | ', to_char(month, 'Mon YYYY'), coalesce(sum(booked), 0), coalesce(sum(completed), 0),
            coalesce(sum(canceled), 0))
        {MONTHS} left join analytics.business_by_month using (month) group by month order by month
    """,
}
MARTS = {
    "business_by_month": f"""(values
        (date '2026-09-01', 'Plumbing', 1000.10, 9, 8, 1, 4, 800.00, 5, 2, 700.00),
        (date '2026-10-01', 'Plumbing', 2000.20, 10, 9, 1, 4, 900.00, 4, 1, 800.00),
        (date '2026-11-01', 'Plumbing', -50.05, 2, 1, 0, 0, 0.00, 0, 0, 0.00),
        (date '2026-11-01', $${HOSTILE}$$, 300.33, 3, 2, 1, 2, 300.00, 2, 2, 250.00),
        (date '2026-11-01', null, 7.00, 0, 0, 0, 0, 0.00, 0, 0, 0.00)
        ) as mart (month, business_unit, revenue, booked, completed, canceled, opportunities, opportunity_revenue,
        sales_opportunities, closed_opportunities, sold)""",
    "dim_tenants": "(values (date '2026-11-26')) as mart (today)",
    "receivables_aging": """(values
        (date '2026-10-30', 'Plumbing', 9, 900.00, 900.00, 0.00, 0.00, 0.00, 0.00),
        (date '2026-10-31', 'Plumbing', 2, 99.00, 0.00, 99.00, 0.00, 0.00, 0.00),
        (date '2026-11-26', 'Plumbing', 2, 150.50, 150.50, 0.00, 0.00, 0.00, 0.00),
        (date '2026-11-26', null, 1, 200.25, 0.00, 0.00, 0.00, 0.00, 200.25)
        ) as mart (day, business_unit, invoices, balance, days_0_to_30, days_31_to_60, days_61_to_90, days_91_to_120,
        days_over_120)""",
    "collections_by_day": """(values
        (date '2026-10-01', 'Plumbing', 1, 40.40, 100.00, 100.00, 7.0),
        (date '2026-10-31', null, 2, 50.50, 300.00, 0, 11.0),
        (date '2026-11-01', 'Plumbing', 1, -1.00, null, 0, null)
        ) as mart (day, business_unit, payments, collected, applied, applied_within_7_days, days_to_pay)""",
    "technician_scorecard": """(values
        (date '2026-10-01', 8, null, 1, 10.50, 0, 0, 0.00, 0), (date '2026-10-01', 9, 'Ann', 5, 400.00, 4, 3, 0.00, 1),
        (date '2026-11-01', 9, 'Ann', 7, 500.00, 4, 3, 1000.00, 0)
        ) as mart (month, technician_id, technician, completed, revenue, opportunities, converted, sold, recalls)""",
    "memberships_by_month": """(values
        (date '2026-10-01', 40, 5, 2, 1, 1), (date '2026-11-01', 45, 0, 0, 9, 0)
        ) as mart (month, active_at_start, new_sales, renewals, canceled, expired)""",
}

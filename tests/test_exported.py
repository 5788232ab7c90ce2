"""Reports that the office exported, held against the marts."""

from __future__ import annotations

import csv
import json
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from mirror import Mirror
from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.exported.reading import amount, exported
from servicetitan_mirror.exported.sheets import read

MONTHS = ("--from", "2026-01-01", "--to", "2026-10-31")
UNITS = """
    select business_unit, sum(revenue)::numeric(18, 2), sum(completed_revenue)::numeric(18, 2)
    from analytics.revenue_by_business_unit_and_day where day between '2026-01-01' and '2026-10-31'
    group by 1 having sum(revenue) <> 0 order by 1
"""
LARGEST = """
    select invoice_id, unit.name, revenue::numeric(18, 2), revenue_day::text
    from analytics.fct_invoices as invoice inner join st_business_units as unit on unit.st_id = business_unit_id
    where revenue_day between '2026-01-01' and '2026-10-31' order by revenue desc limit 1
"""


def written(path: Path, rows: list[list[object]]) -> Path:
    """The rows as a CSV file."""
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows(rows)
    return path


def test_a_report_that_says_the_same_has_no_differences(mirror: Mirror, tmp_path: Path) -> None:
    units = [[name.upper(), f"${total:,.2f}", f"${done:,.2f}"] for name, total, done in mirror.rows(UNITS)]
    rows: list[list[object]] = [["Revenue of 2026"], [], ["Business Unit", "Total Revenue", "Completed Revenue"]]
    path = written(tmp_path / "revenue.csv", [*rows, *units, ["Total", "$1.00", "$1.00"]])
    done = mirror.command("compare-report", str(path), *MONTHS)
    counts = f"{len(units)} lines, {2 * len(units)} figures"
    assert len(units) > 1 and (done.returncode, done.stdout) == (
        0,
        f"revenue by business unit, 2026-01-01 to 2026-10-31: {counts}\nReport and mirror are the same.\n",
    )


def test_a_difference_is_told_with_the_invoice_behind_it(mirror: Mirror, tmp_path: Path) -> None:
    invoice, unit, revenue, day = mirror.row(LARGEST)
    units = [[name, total - (revenue if name == unit else 0)] for name, total, _ in mirror.rows(UNITS)]
    path = written(tmp_path / "revenue.csv", [["Business Unit", "Total Revenue"], *units, ["[red]Moon[/red]", 5]])
    done = mirror.command("compare-report", str(path), *MONTHS, "--json")
    said = json.loads(done.stdout)
    assert done.returncode == 1
    assert [(one["name"], one["figure"], Decimal(one["by"])) for one in said["differences"]] == [
        (unit, "revenue", revenue),
        ("[red]Moon[/red]", "revenue", Decimal(-5)),
    ]
    first = said["records"][unit][0]
    assert first["record"].startswith(f"invoice {invoice} of job")
    assert (Decimal(first["amount"]), first["day"], first["why"]) == (revenue, day, "as much as the difference")
    assert said["records"]["[red]Moon[/red]"] == []
    shown = mirror.command("compare-report", str(path), *MONTHS).stdout
    assert "[red]Moon[/red]" in shown and f"invoice {invoice}" in shown and f"+{revenue:,.2f}" in shown


@pytest.mark.parametrize(("heading", "mart"), [("Customer", "fct_receivables"), ("Business Unit", "receivables_aging")])
def test_what_is_owed_is_compared_as_of_a_day(mirror: Mirror, tmp_path: Path, heading: str, mart: str) -> None:
    sql = {
        "fct_receivables": """
            select customer.name, sum(owed.balance) from analytics.fct_receivables as owed
            inner join st_customers as customer on customer.st_id = owed.customer_id
            where date '2026-10-31' between first_day and coalesce(last_day, '2026-10-31') group by 1
        """,
        "receivables_aging": "select business_unit, balance from analytics.receivables_aging where day = '2026-10-31'",
    }[mart]
    rows = mirror.rows(sql)
    path = written(tmp_path / "aging.csv", [[heading, "Total Due"], *rows])
    done = mirror.command("compare-report", str(path), "--to", "2026-10-31")
    assert rows and (done.returncode, done.stdout.splitlines()[-1]) == (0, "Report and mirror are the same.")


def test_technicians_are_compared_by_whole_months(mirror: Mirror, tmp_path: Path) -> None:
    rows = mirror.rows("""
        select technician, sum(completed), 0.5, sum(revenue)
        from analytics.technician_scorecard where month between '2026-01-01' and '2026-10-31' group by 1
    """)
    path = written(
        tmp_path / "technicians.csv", [["Name", "Completed Jobs", "Conversion %", "Completed Revenue"], *rows]
    )
    done = mirror.command("compare-report", str(path), *MONTHS)
    assert len(rows) > 1 and (done.returncode, "not compared: Conversion %" in done.stdout) == (0, True)
    refused = mirror.command("compare-report", str(path), "--from", "2026-10-02", "--to", "2026-10-31")
    assert (refused.returncode, "is compared by whole months" in refused.stderr) == (2, True)


def test_a_spreadsheet_is_read_as_csv_is(tmp_path: Path) -> None:
    path, space = tmp_path / "revenue.xlsx", 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    with zipfile.ZipFile(path, "w") as book:
        shared = "<si><t>Business Unit</t></si><si><r><t>Total </t></r><r><t>Revenue</t></r></si>"
        book.writestr("xl/sharedStrings.xml", f"<sst {space}>{shared}</sst>")
        cells = '<row><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>'
        cells += '<row><c r="A2" t="inlineStr"><is><t>Drains</t></is></c><c r="C2"><v>1234.5</v></c></row>'
        book.writestr("xl/worksheets/sheet1.xml", f"<worksheet {space}><sheetData>{cells}</sheetData></worksheet>")
    assert read(path) == [["Business Unit", "", "Total Revenue"], ["Drains", "", "1234.5"]]
    assert exported(read(path), {}).lines == {"drains": ("Drains", {"revenue": Decimal("1234.5")})}


def test_headings_of_ones_own_can_be_named() -> None:
    rows = [["Division", "Net"], ["Drains", "(1,000.50)"], ["Drains", "$2"], ["Grand Total", "7"]]
    report = exported(rows, {"name": "division", "revenue": "Net"})
    assert (report.kind.name, report.lines) == ("revenue", {"drains": ("Drains", {"revenue": Decimal("-998.50")})})


@pytest.mark.parametrize(
    ("text", "value"),
    [("$1,234.50", "1234.50"), ("(12.00)", "-12"), ("-", "0"), ("", "0"), ("-3", "-3"), ("1e2", "100")],
)
def test_amounts_are_read_as_offices_write_them(text: str, value: str) -> None:
    assert amount(text, "a line") == Decimal(value)


@pytest.mark.parametrize("text", ["lots", "NaN", "Infinity", "1.2.3"])
def test_what_is_no_number_is_named_with_its_line(text: str) -> None:
    with pytest.raises(ConfigurationError, match=f"'{text}', in the line of 'Drains', is not a number"):
        amount(text, "Drains")


def test_a_file_that_is_no_report_is_a_sentence(mirror: Mirror, tmp_path: Path) -> None:
    other = written(tmp_path / "other.csv", [["Colour", "Taste"], ["red", "sweet"]])
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x05\x06" + b"\0" * 18)
    for path, said in ((other, "No headings of a known report"), (tmp_path / "broken.xlsx", "neither CSV nor XLSX")):
        done = mirror.command("compare-report", str(path), *MONTHS)
        assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (2, True, False)
    units = written(tmp_path / "units.csv", [["Business Unit", "Total Revenue"], ["Drains", 1]])
    assert "say its days with --from and --to" in mirror.command("compare-report", str(units)).stderr
    assert "--column must look like" in mirror.command("compare-report", str(units), "--column", "x=y").stderr

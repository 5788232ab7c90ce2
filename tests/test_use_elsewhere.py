"""The pages of docs/use: what they show is run as an analyst, and its answers are those of the simulator's own books.

Blocks of `sh`, `sql` and `python` are run as they stand; those of `console` are not. The names that other blocks have
for marts and columns are looked up.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from psycopg2.extensions import make_dsn

from books import HERE, business, closed_of, collected, here, owed, revenue
from conftest import ROOT
from dbt_support import manifest, write_profile
from mirror import Mirror
from servicetitan_mirror.postgres import embedded
from servicetitan_mirror.postgres.warehouse import Warehouse, query

PAGES = {path.stem: path.read_text() for path in (ROOT / "docs" / "use").glob("*.md")}
FRAMES = Path(sys.prefix) / "frames"  # pandas and SQLAlchemy, beside the product: `make test` installs them
SHOW = """
import json
shown = {
    "jobs": {str(day.date()): [int(row.booked), int(row.canceled), row.percent] for day, row in months.iterrows()},
    "money": {str(month): [str(earned), str(paid)] for month, earned, paid in earned_and_collected.fetchall()},
}
print(json.dumps(shown))
"""


def blocks(page: str, language: str) -> list[str]:
    """The code of a language on a page, as it is read where a list indents it."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", PAGES[page], re.M | re.S)
    return [re.sub(rf"^{indent}", "", code, flags=re.M) for indent, code in found]


def month_of(day: date) -> date:
    return day.replace(day=1)


@pytest.fixture(scope="module")
def mirrored(embedded_18: Warehouse, root: Path) -> Iterator[Mirror]:
    """A business in Chicago, and `ann`, who may read."""
    with business(embedded_18, root) as mirror:
        user, *settings = blocks("README", "sql")[0].split(";")
        there = mirror.rows("select 1 from pg_roles where rolname = 'ann'")
        with closing(mirror.warehouse.connect()) as connection:
            query(connection, ";".join(settings if there else [user, *settings]))
        yield mirror


@pytest.fixture(scope="module")
def ann(mirrored: Mirror) -> Warehouse:
    """The mirror as she reaches it."""
    return Warehouse(make_dsn(mirrored.warehouse.dsn, user="ann"))


def run(ann: Warehouse, page: str, folder: Path) -> str:
    """What the page's command prints."""
    path = os.pathsep.join([str(embedded.psql().parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "MIRROR": ann.url()}
    (command,) = blocks(page, "sh")
    done = subprocess.run(["sh", "-c", command], cwd=folder, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def answer(ann: Warehouse, page: str) -> list[dict[str, Any]]:
    """The rows of the page's query, which stands alone or inside of another one."""
    (sql,) = blocks(page, "sql")
    with closing(ann.connect()) as connection, connection.cursor() as cursor:
        cursor.execute(f"select * from ({sql}) as inner_query")
        return [dict(zip([each.name for each in cursor.description or ()], row, strict=True)) for row in cursor]


def test_psql_says_what_each_business_unit_brought(mirrored: Mirror, ann: Warehouse, tmp_path: Path) -> None:
    names = {unit["id"]: unit["name"] for unit in mirrored.listed("business_units")}
    booked: dict[str, Decimal] = defaultdict(Decimal)
    for day, unit, _, amount in revenue(mirrored):
        booked[names[unit]] += amount if date(2026, 1, 1) <= day <= date(2026, 10, 31) else 0
    rows = list(csv.DictReader(io.StringIO(run(ann, "psql", tmp_path))))
    assert {row["business_unit"]: Decimal(row["revenue"]) for row in rows} == {
        unit: amount for unit, amount in booked.items() if amount
    }
    assert len(rows) > 1


def test_excels_file_has_what_was_collected_each_month(mirrored: Mirror, ann: Warehouse, tmp_path: Path) -> None:
    booked: dict[str, Decimal] = defaultdict(Decimal)
    for day, amount in collected(mirrored).items():
        if day.year == 2026:
            booked[str(month_of(day))] += amount
    run(ann, "excel", tmp_path)
    with (tmp_path / "collected.csv").open() as file:
        assert {row["month"]: Decimal(row["collected"]) for row in csv.DictReader(file)} == booked


@pytest.fixture(scope="module")
def shown(ann: Warehouse) -> dict[str, Any]:
    """What the Python of its page has found."""
    if not FRAMES.exists() and not os.environ.get("CI"):
        pytest.skip("pandas is not installed: make test brings it")
    driven = ann.url().replace("postgresql://", "postgresql+psycopg2://")
    environment = {**os.environ, "PYTHONPATH": str(FRAMES), "MIRROR": driven}
    code = "\n".join([*blocks("pandas-duckdb", "python"), SHOW])
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_pandas_says_how_many_jobs_get_canceled(mirrored: Mirror, shown: dict[str, Any]) -> None:
    jobs = mirrored.listed("jobs")
    booked = Counter(str(month_of(here(job["createdOn"]))) for job in jobs)
    canceled = Counter(str(month_of(here(job["createdOn"]))) for job in jobs if job["jobStatus"] == "Canceled")
    found = {month: (figures[0], figures[1]) for month, figures in shown["jobs"].items() if figures[0]}
    assert found == {month: (booked[month], canceled[month]) for month in booked}
    assert {round(100 * canceled[month] / booked[month], 1) for month in booked} == {
        percent for number, _, percent in shown["jobs"].values() if number
    }


def test_duckdb_says_what_was_earned_and_collected(mirrored: Mirror, shown: dict[str, Any]) -> None:
    earned, paid = defaultdict[str, Decimal](Decimal), defaultdict[str, Decimal](Decimal)
    for day, _, _, amount in revenue(mirrored):
        earned[str(month_of(day))] += amount
    for day, amount in collected(mirrored).items():
        paid[str(month_of(day))] += amount
    found = {month: tuple(map(Decimal, figures)) for month, figures in shown["money"].items()}
    assert {month: figures for month, figures in found.items() if any(figures)} == {
        month: (earned[month], paid[month]) for month in earned.keys() | paid.keys()
    }


def test_power_bis_query_is_the_revenue_of_each_business_unit(mirrored: Mirror, ann: Warehouse) -> None:
    names = {unit["id"]: unit["name"] for unit in mirrored.listed("business_units")}
    booked: dict[tuple[date, str], Decimal] = defaultdict(Decimal)
    for day, unit, _, amount in revenue(mirrored):
        booked[month_of(day), names[unit]] += amount
    rows = answer(ann, "power-bi")
    found = {(row["month"], row["business_unit"]): row["revenue"] for row in rows if row["revenue"]}
    assert found == {key: amount for key, amount in booked.items() if amount}


def test_metabases_query_is_what_was_owed_at_the_end_of_october(mirrored: Mirror, ann: Warehouse) -> None:
    rows = answer(ann, "metabase")
    parts = ("to_30_days", "to_60_days", "to_90_days", "longer")
    total = owed(mirrored, date(2026, 10, 31))
    assert sum(row["owed"] for row in rows) == sum(row[part] for row in rows for part in parts) == total > 0


def test_looker_studios_query_is_the_close_rate_of_each_month(mirrored: Mirror, ann: Warehouse) -> None:
    closed, of = Counter[date](), Counter[date]()
    for row in answer(ann, "looker-studio"):
        closed[row["month"]] += row["closed_opportunities"]
        of[row["month"]] += row["sales_opportunities"]
    expected = closed_of(mirrored)
    assert (+closed, +of) == (+expected[0], +expected[1])


def test_every_mart_and_column_that_a_page_names_is_there(ann: Warehouse) -> None:
    columns = "select relname, attname from pg_attribute join pg_class on pg_class.oid = attrelid where attnum > 0"
    with closing(ann.connect()) as connection:
        there = defaultdict[str, set[str]](set)
        for table, column in query(connection, f"{columns} and relnamespace = 'analytics'::regnamespace"):
            there[table].add(column)
        (synced,) = re.findall("`(select max.*?)`", PAGES["README"])
        assert query(connection, synced)[0][0] is not None
    text = "\n".join(PAGES.values())
    named = set(re.findall(r"\b((?:dim|fct)_\w+|business_by_month)[.\[](\w+)", text))
    assert len(named) > 8 and {pair for pair in named if pair[1] not in there[pair[0]]} == set()
    assert set(re.findall(r"analytics\.(\w+)", text)) - there.keys() == set()


def test_who_reads_the_figures_may_change_nothing(ann: Warehouse) -> None:
    with closing(ann.connect()) as connection:
        assert query(connection, "show statement_timeout; show timezone") == [(HERE,)]
        with pytest.raises(Exception, match="permission denied"):
            query(connection, "delete from st_jobs")


def test_every_page_is_linked() -> None:
    linked = {name for name in PAGES if f"({name}.md)" in PAGES["README"]}
    assert linked | {"README"} == PAGES.keys() and "docs/use/README.md" in (ROOT / "README.md").read_text()


def test_what_reads_the_marts_is_an_exposure_of_exactly_these(tmp_path: Path) -> None:
    exposures = {each.name: each for each in parsed(tmp_path).exposures.values()}
    text = "\n".join(page for name, page in PAGES.items() if name != "semantic-layer")
    tools = set(re.findall(r"analytics\.(\w+)", text)) | set(re.findall(r"\b(?:dim|fct)_[a-z]+", text))
    assert read_by(exposures["tools_of_analysts"]) == tools
    reports = (each for name, each in exposures.items() if name.startswith("servicetitan_report"))
    assert set().union(*map(read_by, reports)) == named_in("report")
    assert read_by(exposures["servicetitan_compare_report"]) >= named_in("exported")


def read_by(exposure: Any) -> set[str]:
    """The names of the models that it depends on."""
    return {node.rsplit(".", 1)[1] for node in exposure.depends_on.nodes}


def named_in(room: str) -> set[str]:
    """The marts in the SQL of a room of the product."""
    files = (ROOT / "pipelines" / "servicetitan_mirror" / room / "sql").glob("*.sql")
    return {name for file in files for name in re.findall(r"analytics\.(\w+)", file.read_text())}


def parsed(folder: Path) -> Any:
    """dbt's manifest, with all optional lists."""
    every = sorted(path.name for path in (ROOT / "dbt_project" / "optional").iterdir())
    return manifest(write_profile(folder, "postgresql://nobody@localhost/nothing"), " ".join(every))

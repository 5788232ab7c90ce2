"""`servicetitan model` writes a table for every list: dbt parses it, builds it, and converts what the list has."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from dbt.cli.main import dbtRunner
from dbt.jsonschemas.jsonschemas import CustomDraft7Validator, resources_schema
from psycopg2.extras import Json

from conftest import ROOT
from dbt_support import PROJECT, TENANT, write_profile
from servers import new_database
from servicetitan import main
from servicetitan_mirror.entities import BY_NAME, ENTITIES, OPTIONAL, Entity
from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.modelling import files, people
from servicetitan_mirror.modelling.columns import columns
from servicetitan_mirror.modelling.naming import LONGEST, RESERVED, column_name
from servicetitan_mirror.postgres.warehouse import Warehouse, query
from servicetitan_mirror.raw import pending_loads, schema
from servicetitan_mirror.terminal.verbs import beginning
from servicetitan_specification import listing

EVERY_LIST = pytest.mark.parametrize("entity", OPTIONAL, ids=lambda entity: entity.name)
README = (ROOT / "README.md").read_text()
DATA = Path(__file__).parent / "data"
VALUES: dict[str, Any] = {
    "int32": 7, "int64": 9_007_199_254_740_993, "decimal": 12.5, "double": 12.5, "boolean": True, "date": "2026-01-31",
    "date-time": "2026-01-05T16:28:55.8446003Z", "string(duration)": "01:30:00", "object": {"a": 1},
}  # fmt: skip
VALUES |= {"object[]": [VALUES["object"]], "array of int64": [7], "array of int32": [7]}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a dbt project that has no table of an optional list."""
    folder = tmp_path_factory.mktemp("modelling")
    shutil.copytree(PROJECT, folder / PROJECT.name, ignore=shutil.ignore_patterns("target", "logs", "optional"))
    return folder


@pytest.fixture(scope="module")
def tables(embedded_18: Warehouse, root: Path) -> Iterator[Any]:
    """A connection to a database in which dbt has built the written model of every list, with a record in each."""
    files.write(root, OPTIONAL)
    warehouse = new_database(embedded_18)
    with closing(warehouse.connect()) as connection:
        schema.prepare(connection, entities=ENTITIES)
        for entity in OPTIONAL:
            land(connection, entity)
        build(root, write_profile(root, warehouse.dsn))
        yield connection


def land(connection: Any, entity: Entity) -> None:
    """One record, which has every field."""
    pending_loads.announce(connection, TENANT, [entity], "1")
    statement = (
        f"insert into raw_servicetitan.{entity.name} (tenant_id, id, record, _dlt_load_id) values (%s, 1, %s, '1')"
    )
    query(connection, statement, (TENANT, Json(record(entity))))


def record(entity: Entity) -> dict[str, Any]:
    """What the specification says that a record of the list has, without what is below arrays."""
    made: dict[str, Any] = {}
    fields = {
        path: field.type for path, field in listing(entity.endpoints[0].specified).fields.items() if "[]" not in path
    }
    for path, type in fields.items():
        *above, key = path.split(".")
        parent = made
        for each in above:
            parent = parent[each]
        has_parts = any(other.startswith(f"{path}.") for other in fields)
        parent[key] = {} if has_parts else VALUES.get(type, ["a"] if type.startswith("array") else "a")
    return made


def build(root: Path, profiles: Path) -> None:
    """Have dbt build the tables of all optional lists, without a warning."""
    project = ["--project-dir", str(root / PROJECT.name), "--profiles-dir", str(profiles)]
    quiet = ["--log-level-file", "none", "--no-write-json", "--quiet", "--warn-error"]
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SERVICETITAN_OPTIONAL", " ".join(entity.name for entity in OPTIONAL))
        result = dbtRunner().invoke(["run", "--select", *(each.table for each in OPTIONAL), *project, *quiet])
    assert result.success, result.exception or [each.message for each in result.result if each.status == "error"]


def test_every_lists_table_is_built_and_shows_its_record(tables: Any) -> None:
    counts = " union all ".join(f"select '{entity.name}', count(*) from {entity.table}" for entity in OPTIONAL)
    assert dict(query(tables, counts)) == {entity.name: 1 for entity in OPTIONAL}


def test_every_field_of_every_list_is_converted(tables: Any) -> None:
    assert query(tables, 'select module, "column", value, reason from raw_servicetitan.sync_failures') == []
    empty = {entity.name: query(tables, _EMPTY.format(entity.table)) for entity in OPTIONAL}
    assert {name: keys for name, keys in empty.items() if keys != [("deleted_at",)]} == {}


_EMPTY = "select key from {} as shown cross join jsonb_each(to_jsonb(shown)) as field (key, held) where held = 'null'"


def test_each_lists_table_has_its_columns_in_the_order_of_its_yaml(tables: Any) -> None:
    shown = query(tables, "select table_name::text, array_agg(column_name::text order by ordinal_position) "
        "from information_schema.columns where table_schema = 'public' group by 1")  # fmt: skip
    told = {entity.table: [column["name"] for column in described(entity)["columns"]] for entity in OPTIONAL}
    assert dict(shown) == told


def test_no_name_of_a_column_needs_quotes(tables: Any) -> None:
    reserved = {word for (word,) in query(tables, "select word from pg_get_keywords() where catcode in ('R', 'T')")}
    assert reserved - RESERVED == set()
    names = {column.name for entity in OPTIONAL for column in columns(entity)}
    assert [name for name in names if name in RESERVED or len(name) > LONGEST or not name.isidentifier()] == []


@cache
def written(name: str) -> Any:
    """The YAML that is written of a list."""
    return yaml.load(files.texts(BY_NAME[name])[files.YAML], getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def described(entity: Entity) -> Any:
    (model,) = written(entity.name)["models"]
    return model


@EVERY_LIST
def test_a_written_table_is_described_and_indexed_as_the_standard_ones_are(entity: Entity) -> None:
    model = described(entity)
    indexed = [index["columns"] for index in model["config"]["meta"]["named_indexes"]]
    names = {column["name"] for column in model["columns"]}
    assert model["description"].startswith("One row per ")
    assert [column for column in model["columns"] if len(column["description"].split()) < 2] == []
    assert indexed[0] == ["st_id"]
    assert {name for (name,) in indexed} <= names
    assert all(len(f"{entity.table}_{name}") <= LONGEST for (name,) in indexed)


def test_only_standard_tables_are_looked_into_by_a_test() -> None:
    looked_into = {
        column["data_tests"][0]["relationships"]["arguments"]["to"]
        for entity in OPTIONAL
        for column in described(entity)["columns"]
        if "data_tests" in column
    }
    assert looked_into == {
        f"ref('st_{name}')"
        for name in (
            *("appointments", "business_units", "call_reasons", "campaigns", "customers", "installed_equipment"),
            *("invoices", "job_types", "jobs", "locations", "technicians"),
        )
    }


def test_what_is_written_of_a_small_list_is_this() -> None:
    expected = {suffix: (DATA / f"st_location_rates{suffix}").read_text() for suffix in files.SUFFIXES}
    assert files.texts(BY_NAME["location_rates"]) == expected


def test_what_is_written_is_valid_by_sqlfluff_and_by_dbts_schema(tmp_path: Path) -> None:
    for name in ("location_rates", "job_splits"):
        (tmp_path / f"{name}.sql").write_text(files.texts(BY_NAME[name])[files.SQL])
        assert list(CustomDraft7Validator(resources_schema()).iter_errors(written(name))) == []
    lint = [sys.executable, "-m", "sqlfluff", "lint", "--config", ".sqlfluff", str(tmp_path)]
    done = subprocess.run(lint, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout.strip()) == (0, "All Finished!")


def test_no_line_is_longer_than_the_house_allows() -> None:
    texts = [text for entity in OPTIONAL for text in files.texts(entity).values()]
    assert [line for text in texts for line in text.splitlines() if len(line) > 120] == []


@pytest.mark.parametrize(
    ("path", "taken", "unit", "name"),
    [
        ("customer.id", [], "", "customer_id"),
        ("customerPONumber", [], "", "customer_po_number"),
        ("createdOn", [], "on", "st_created_on"),
        ("batch.id", ["batch_id"], "", "batch_id_2"),
        ("from", [], "on", "from_on"),
        ("from", [], "", "from_value"),
        ("start", [], "on", "start_on"),
        ("call.duration", [], "seconds", "call_duration_seconds"),
        ("fullData", [], "", "st_full_data"),
        ("1stCall", [], "", "st_1st_call"),
        ("templateFields.defaultMaterialMarkupPercentage", [], "", "default_material_markup_percentage"),
        ("x" * 70, ["x" * 63], "", "x" * 61 + "_2"),
    ],
)
def test_a_field_has_a_name_of_letters_that_is_its_own(path: str, taken: list[str], unit: str, name: str) -> None:
    assert column_name(path, taken, unit) == name


def test_columns_about_a_person_are_tagged() -> None:
    kinds = {column.name: column.personal for column in columns(BY_NAME["contact_methods"]) if column.personal}
    assert kinds == {"value": "hashed", "memo": "dropped"}
    full_data = described(BY_NAME["trucks"])["columns"][-4]
    assert full_data["config"] == {"tags": ["personal"], "meta": {"personal": "inside"}}
    assert people.kind_of(BY_NAME["job_types"], "memo") == ""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A dbt project in which the command writes; the settings choose the standard lists and teams."""
    folder = tmp_path / PROJECT.name
    (folder / "models" / "servicetitan").mkdir(parents=True)
    monkeypatch.setattr(beginning, "ROOT", tmp_path)
    monkeypatch.setenv("SOURCES__SERVICETITAN__ENTITIES", "standard,teams")
    return folder


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["model", *arguments])


def test_the_command_writes_the_files_and_says_what_to_do_next(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.parent)
    monkeypatch.setenv("SOURCES__SERVICETITAN__ENTITIES", "standard")
    (shown,) = re.findall(r"^\$ \S*servicetitan model trucks\n(.*?)^```", README, re.M | re.S)
    assert invoke("trucks").stdout == shown
    stem = project / "optional" / "trucks" / "servicetitan" / "reference" / "st_trucks"
    assert {suffix: stem.with_suffix(suffix).read_text() for suffix in files.SUFFIXES} == files.texts(BY_NAME["trucks"])


def test_a_list_that_is_chosen_needs_no_choosing(project: Path) -> None:
    assert "  2. The settings choose it already.\n" in invoke("teams").stdout
    assert (project / "optional" / "teams").is_dir()


def test_what_is_there_is_written_over_by_force_alone(project: Path) -> None:
    own = project / "models" / "ours" / "st_trucks.sql"
    own.parent.mkdir()
    own.write_text("select 1")
    refused = invoke("teams", "trucks")
    assert str(refused.exception) == f"There is {own} already. Nothing was written; --force writes over what is there."
    assert isinstance(refused.exception, ConfigurationError)
    assert not (project / "optional").exists()
    assert f"wrote {own}\nwrote {own.with_suffix('.yml')}\n" in invoke("teams", "trucks", "--force").stdout


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("truck", "Error: 'truck' is no list and fits none, is it trucks"),
        ("truck", "Without a table are: ap_bills, "),
        ("customers", "Error: The records of customers are in st_customers already, which comes with the product."),
        ("customer_contacts", "Error: The records of customer_contacts are in st_customers already, which comes with"),
    ],
)
def test_a_name_that_cannot_be_meant_is_wrong_usage(project: Path, name: str, said: str) -> None:
    done = invoke("trucks", name)
    assert done.exit_code == 2
    assert said in done.stderr
    assert not (project / "optional").exists()


def test_the_packages_own_project_is_left_alone(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PACKAGED", project)
    refused = str(invoke("trucks").exception)
    assert "the package's own is in use" in refused
    assert refused.endswith(f"and run this again: cp -r {project} {project}")


def test_a_folder_that_cannot_be_written_is_named(project: Path) -> None:
    (project / "optional").write_text("")
    refused = invoke("trucks").exception
    assert re.match(r"\S*/st_trucks.sql cannot be written: Not a directory\. The dbt project must be", str(refused))
    assert isinstance(refused, ConfigurationError)

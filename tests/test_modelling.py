"""`servicetitan model` writes a table for every list: dbt parses it, builds it, and converts what the list has."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from dbt.cli.main import dbtRunner
from dbt.jsonschemas.jsonschemas import CustomDraft7Validator, resources_schema
from psycopg2.extras import Json

import servicetitan
from conftest import ROOT
from dbt_support import PROJECT, TENANT, write_profile
from servers import new_database
from servicetitan_mirror.entities import BY_NAME, ENTITIES, OPTIONAL, Entity
from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.modelling import files, people
from servicetitan_mirror.modelling.columns import columns
from servicetitan_mirror.modelling.naming import LONGEST, RESERVED, column_name
from servicetitan_mirror.postgres.warehouse import Warehouse, query
from servicetitan_mirror.raw import pending_loads, schema
from servicetitan_specification import listing

EVERY_LIST = pytest.mark.parametrize("entity", OPTIONAL, ids=lambda entity: entity.name)
VALUES: dict[str, Any] = {
    "int32": 7, "int64": 9_007_199_254_740_993, "decimal": 12.5, "double": 12.5, "boolean": True, "date": "2026-01-31",
    "date-time": "2026-01-05T16:28:55.8446003Z", "string(duration)": "01:30:00", "object": {"a": 1},
}  # fmt: skip
VALUES |= {"object[]": [VALUES["object"]], "array of int64": [7], "array of int32": [7]}
TRUCKS_SQL = """\
select
    {{ record_key() }},

    {{ bigint('warehouseId') }} as warehouse_id,
    {{ bigints('technicianIds') }} as technician_ids,
    {{ bigint('inventoryTemplateId') }} as inventory_template_id,

    {{ text('name') }} as name,
    {{ text('memo') }} as memo,
    {{ json('externalData', '[]') }} as external_data,

    {{ flag('active') }} as active,

    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('trucks') }}
"""


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
    statement = f"insert into raw_servicetitan.{entity.name} (tenant_id, id, record, _dlt_load_id) values (%s, 1, %s, '1')"
    query(connection, statement, (TENANT, Json(record(entity))))


def record(entity: Entity) -> dict[str, Any]:
    """What the specification says that a record of the list has, without what is below arrays."""
    made: dict[str, Any] = {}
    fields = {path: field.type for path, field in listing(entity.endpoints[0].specified).fields.items() if "[]" not in path}
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
        result = dbtRunner().invoke(["run", "--select", "optional", *project, *quiet])
    assert result.success, result.exception or [each.message for each in result.result if each.status == "error"]


def test_every_lists_table_is_built_and_shows_its_record(tables: Any) -> None:
    counts = " union all ".join(f"select '{entity.name}', count(*) from {entity.table}" for entity in OPTIONAL)
    assert dict(query(tables, counts)) == {entity.name: 1 for entity in OPTIONAL}


def test_every_field_of_every_list_is_converted(tables: Any) -> None:
    assert query(tables, 'select module, "column", value, reason from raw_servicetitan.sync_failures') == []
    (empty,) = zip(*(query(tables, _EMPTY.format(entity.table)) for entity in OPTIONAL), strict=True)
    assert {entity.name: names for entity, (names,) in zip(OPTIONAL, empty, strict=True) if names != ["deleted_at"]} == {}


_EMPTY = "select array_agg(key) from {} as shown, jsonb_each(to_jsonb(shown)) where value = 'null'"

"""What holds for every model of the dbt project, read from its files and its manifest."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from dbt.jsonschemas.jsonschemas import CustomDraft7Validator, project_schema, resources_schema

from dbt_support import PROJECT, TYPED, manifest, write_profile
from servicetitan_mirror.entities import BY_NAME, PUBLISHED, STANDARD, Entity
from servicetitan_mirror.tables.optional import FOLDER

SYNC_COLUMNS = ["full_data", "local_created_at", "local_synced_at", "deleted_at"]
OPTIONAL_FOLDERS = sorted(path.name for path in (PROJECT / FOLDER).iterdir())
FOLDERS = ("models", *(f"{FOLDER}/{name}" for name in OPTIONAL_FOLDERS))
YAML_FILES = sorted(path for folder in FOLDERS for path in PROJECT.glob(f"{folder}/**/*.yml"))
EVERY_TABLE = pytest.mark.parametrize("entity", PUBLISHED + TYPED, ids=lambda entity: entity.name)


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """dbt's manifest; parsing with --warn-error says that the project is free of warnings."""
    profiles = write_profile(tmp_path_factory.mktemp("profiles"), "postgresql://nobody@localhost/nothing")
    found = manifest(profiles, " ".join(OPTIONAL_FOLDERS))
    assert found is not None
    return found


@pytest.fixture(scope="module")
def models(parsed: Any) -> dict[str, Any]:
    """Each model by name."""
    return {node.name: node for node in parsed.nodes.values() if node.resource_type == "model"}


@EVERY_TABLE
def test_a_table_begins_with_its_key_and_ends_with_the_sync_columns(models: dict[str, Any], entity: Entity) -> None:
    model = models[entity.table]
    columns = list(model.columns)
    key = {"st_id" if column == "id" else column for column in entity.key}
    assert set(columns[: len(key)]) == key
    assert columns[-4:] == SYNC_COLUMNS
    assert [set(constraint.columns) for constraint in model.constraints] == [key]
    assert model.config.unique_key == model.constraints[0].columns


@EVERY_TABLE
def test_a_table_is_built_from_the_source_of_its_name_and_from_its_companions(
    models: dict[str, Any], entity: Entity
) -> None:
    landed = [each.name for each in STANDARD + TYPED if entity.name in (each.name, each.companion_of)]
    read = models[entity.table].depends_on.nodes
    assert [name for name in landed if f"source.servicetitan_mirror.servicetitan.{name}" not in read] == []


@EVERY_TABLE
def test_a_tables_yaml_lists_the_columns_of_its_sql_in_their_order(models: dict[str, Any], entity: Entity) -> None:
    model = models[entity.table]
    key = ["tenant_id", "st_id"]
    assert key + selected_columns(model.raw_code) + SYNC_COLUMNS == list(model.columns)


def selected_columns(sql: str) -> list[str]:
    """The columns between the key and the sync columns: at the list's own depth a line ends with a column's name."""
    return re.findall(r"^ {4}(?! ).*?(\w+),$", sql, re.MULTILINE)


def test_every_column_has_a_type_and_a_description(models: dict[str, Any]) -> None:
    bare = [
        f"{name}.{column.name}"
        for name, model in models.items()
        for column in model.columns.values()
        if not column.data_type or len(column.description.split()) < 2
    ]
    assert bare == []


def test_every_model_says_what_one_row_is(models: dict[str, Any]) -> None:
    assert [name for name, model in models.items() if not model.description.startswith("One row per ")] == []


def test_every_model_has_a_yaml_file_of_its_name_beside_it(models: dict[str, Any]) -> None:
    files = {path.with_suffix("") for folder in FOLDERS for path in PROJECT.glob(f"{folder}/**/*.sql")}
    assert {path.stem for path in files} == set(models)
    assert {path for path in files if not path.with_suffix(".yml").exists()} == set()


@pytest.mark.parametrize("path", YAML_FILES, ids=lambda path: path.stem)
def test_a_models_yaml_is_valid_by_dbts_own_schema(path: Path) -> None:
    assert complaints(resources_schema(), path) == []


def test_the_project_file_is_valid_by_dbts_own_schema() -> None:
    # the folders of models are a text that dbt renders to a list, which the schema does not know
    (of_folders,) = complaints(project_schema(), PROJECT / "dbt_project.yml")
    assert of_folders.startswith("$['model-paths']: ") and of_folders.endswith("is not of type 'array', 'null'")


def complaints(schema: dict[str, Any], path: Path) -> list[str]:
    # a snapshot's hook by the name that dbt's schema knows is rendered too early by dbt itself
    document = yaml.safe_load(path.read_text().replace('post-hook: "{% raw %}', 'post_hook: "{% raw %}'))
    errors = CustomDraft7Validator(schema).iter_errors(document)
    return [f"{error.json_path}: {error.message}" for error in errors]


def test_every_entitys_source_is_as_fresh_as_its_last_sync(parsed: Any) -> None:
    sources = {source.name: source for source in parsed.sources.values()}
    assert [each.name for each in STANDARD + TYPED if sources[each.name].loaded_at_query != "{{ last_synced() }}"] == []
    assert {bool(source.freshness) for name, source in sources.items() if name in BY_NAME} == {True}
    assert {bool(source.freshness) for name, source in sources.items() if name not in BY_NAME} == {False}

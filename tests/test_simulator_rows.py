"""The rows have every field of the specification, values of its types, and the length of a real tenant's rows."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from servicetitan_simulator.business.history import build
from servicetitan_simulator.clock import ticks
from servicetitan_simulator.endpoints import ENDPOINTS, ENTITY_NAMES
from servicetitan_simulator.store import Store
from servicetitan_specification import listing

NUMBER = {int, float}
KINDS = {"int32": {int}, "int64": {int}, "decimal": NUMBER, "double": NUMBER, "boolean": {bool}, "object": {dict}}
CUSTOMERS = 400


@pytest.fixture(scope="module")
def store() -> Store:
    return build(CUSTOMERS, 7, ticks("2026-11-20T12:00:00Z")).store


def values(row: dict[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of a row with its path in the specification's way of writing: customer.id, items[].sku.name."""
    for key, value in row.items():
        yield path + key, value
        if isinstance(value, dict):
            yield from values(value, f"{path}{key}.")
        for part in value if isinstance(value, list) else []:
            if isinstance(part, dict):
                yield from values(part, f"{path}{key}[].")


def seen(store: Store, entity: str) -> dict[str, set[type]]:
    """The types of a list's values by their path, null excepted."""
    found: dict[str, set[type]] = defaultdict(set)
    for endpoint in ENDPOINTS:
        for body in store[endpoint.table].bodies if endpoint.entity == entity else []:
            for path, value in values(json.loads(body)):
                found[path] |= set() if value is None else {type(value)}
    return found


def fields(entity: str) -> dict[str, str]:
    """The types of a list's fields by the specification."""
    paths = [endpoint.path("{tenant}").strip("/") for endpoint in ENDPOINTS if endpoint.entity == entity]
    return {path: field.type for each in paths for path, field in listing(each).fields.items()}


def kinds(name: str) -> set[type]:
    return {list} if name.endswith("[]") or name.startswith("array") else KINDS.get(name, {str})


@pytest.mark.parametrize("entity", ENTITY_NAMES)
def test_rows_have_the_specifications_fields_and_types(store: Store, entity: str) -> None:
    found, specified = seen(store, entity), fields(entity)
    assert found.keys() == specified.keys()
    assert [path for path, types in found.items() if not types <= kinds(specified[path])] == []


def test_rows_are_as_long_as_a_real_tenants(store: Store) -> None:
    bodies = {table: store[table].bodies for table in ("customers", "jobs", "invoices", "estimates")}
    billed = [body for body in bodies["invoices"] if b'"items":[' in body]
    means = {table: sum(map(len, found)) / len(found) for table, found in (bodies | {"invoices": billed}).items()}
    assert 1_000 < means["customers"] < 1_500
    assert 1_200 < means["jobs"] < 2_500
    assert 3_000 < means["invoices"] < 6_000
    assert 3_000 < means["estimates"] < 6_000


def test_a_customer_brings_nineteen_records(store: Store) -> None:
    assert round(store.total() / CUSTOMERS) == 19

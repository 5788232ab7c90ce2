"""The fourteen endpoints of custom field types, with what is odd about some of them."""

from collections.abc import Iterator
from typing import Any

import pytest

from servicetitan_simulator import Simulator
from servicetitan_simulator.endpoints import OWNERS


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator(customers=20) as running:
        yield running


def types(simulator: Simulator, owner: str, **parameters: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = simulator.get("custom_fields", owner, **parameters).json()["data"]
    return found


@pytest.mark.parametrize("owner", [owner for owner in OWNERS if owner != "installed_equipment"])
def test_every_owner_has_field_types_of_six_keys(simulator: Simulator, owner: str) -> None:
    keys = ["id", "name", "dataType", "dataTypeOptions", "createdOn", "modifiedOn"]
    assert {tuple(row) for row in types(simulator, owner)} == {tuple(keys)}


def test_there_are_fourteen_owners() -> None:
    assert len(OWNERS) == 14


def test_rows_of_installed_equipment_carry_no_times(simulator: Simulator) -> None:
    found = types(simulator, "installed_equipment", page=1, pageSize=50, descending="false")
    assert {tuple(row) for row in found} == {("id", "name", "dataType", "dataTypeOptions")}
    assert [row["id"] for row in found] == sorted(row["id"] for row in found)


def test_installed_equipment_requires_its_parameters(simulator: Simulator) -> None:
    answer = simulator.get("custom_fields", "installed_equipment")
    assert answer.status_code == 400
    assert sorted(answer.json()["errors"]) == ["descending", "page", "pageSize"]


@pytest.mark.parametrize(("owner", "status"), [("jobs", 400), ("projects", 400), ("customers", 200), ("invoices", 200)])
def test_only_the_job_planning_module_refuses_page_zero(simulator: Simulator, owner: str, status: int) -> None:
    assert simulator.get("custom_fields", owner, page=0).status_code == status


def test_a_type_may_belong_to_several_owners_under_one_id(simulator: Simulator) -> None:
    shared = {row["id"] for row in types(simulator, "customers")} & {row["id"] for row in types(simulator, "jobs")}
    assert len(shared) == 1


def test_records_stand_beside_their_owner(simulator: Simulator) -> None:
    lines = simulator.records("custom_fields")
    assert {line["owner"] for line in lines} == set(OWNERS)
    assert len(lines) == simulator.counts()["custom_fields"]["all"]

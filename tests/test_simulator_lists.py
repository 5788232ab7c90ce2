"""The lists page, filter and sort as ServiceTitan's do."""

from collections.abc import Iterator
from typing import Any

import pytest

from servicetitan_simulator import Simulator
from servicetitan_simulator.endpoints import COMPANIONS, ENTITIES

NAMES = [endpoint.entity for endpoint in ENTITIES + COMPANIONS]
ALWAYS = "0001-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator(customers=60, requests_per_second=0) as running:
        yield running


def rows(simulator: Simulator, entity: str, **parameters: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = simulator.get(entity, **{"pageSize": 5000} | parameters).json()["data"]
    return found


def ids(simulator: Simulator, entity: str, **parameters: Any) -> list[int]:
    return [row["id"] for row in rows(simulator, entity, **parameters)]


def problems(simulator: Simulator, entity: str, **parameters: Any) -> dict[str, list[str]]:
    answer = simulator.get(entity, **parameters)
    assert answer.status_code == 400
    errors: dict[str, list[str]] = answer.json()["errors"]
    return errors


@pytest.mark.parametrize("entity", NAMES)
def test_every_list_answers_with_the_envelope(simulator: Simulator, entity: str) -> None:
    answer = simulator.get(entity, modifiedOnOrAfter=ALWAYS).json()
    assert list(answer) == ["page", "pageSize", "hasMore", "totalCount", "data"]
    assert (answer["page"], answer["pageSize"], answer["totalCount"]) == (1, 50, None)
    assert answer["data"]


def test_the_pages_together_are_the_list(simulator: Simulator) -> None:
    pages = [simulator.get("jobs", page=page, pageSize=50).json() for page in (1, 2, 3, 4)]
    assert [page["hasMore"] for page in pages] == [True, True, False, False]
    assert [row["id"] for page in pages for row in page["data"]] == ids(simulator, "jobs")


def test_the_total_comes_when_asked_for(simulator: Simulator) -> None:
    assert simulator.get("jobs", includeTotal="true").json()["totalCount"] == 150


def test_page_zero_is_page_one(simulator: Simulator) -> None:
    assert simulator.get("customers", page=0).json() == simulator.get("customers", page=1).json()


def test_a_page_size_above_the_cap_is_clamped_or_refused(simulator: Simulator) -> None:
    assert simulator.get("customers", pageSize=5001).json()["pageSize"] == 5000
    simulator.settings(over_cap="400", page_size_cap=500)
    assert problems(simulator, "customers", pageSize=501) == {"pageSize": ["The value '501' is not valid."]}
    simulator.settings(over_cap="clamp", page_size_cap=5000)


def test_the_newest_id_comes_first_without_a_sort(simulator: Simulator) -> None:
    found = ids(simulator, "customers")
    assert found == sorted(found, reverse=True)


@pytest.mark.parametrize("sort", ["+ModifiedOn", " modifiedon"])
def test_sort_takes_any_case_and_a_plus_that_became_a_space(simulator: Simulator, sort: str) -> None:
    stamps = [row["modifiedOn"][:19] for row in rows(simulator, "customers", sort=sort)]
    assert stamps == sorted(stamps)


def test_jobs_sort_by_priority_and_campaigns_by_name(simulator: Simulator) -> None:
    priorities = [row["priority"] for row in rows(simulator, "jobs", sort="-Priority")]
    names = [row["name"] for row in rows(simulator, "campaigns", sort="+Name")]
    assert (priorities, names) == (sorted(priorities, reverse=True), sorted(names))


def test_projects_sort_by_their_target(simulator: Simulator) -> None:
    targets = [row["targetCompletionDate"] for row in rows(simulator, "projects", sort="+TargetCompletionDate")]
    assert targets == sorted(targets)


def test_an_unknown_sort_field_is_a_400(simulator: Simulator) -> None:
    expected = {"sort": ["The value '-completedOn' is not valid for Sort."]}
    assert problems(simulator, "jobs", sort="-completedOn") == expected


def test_lists_without_a_sort_ignore_it(simulator: Simulator) -> None:
    assert simulator.get("technicians", sort="+nonsense").status_code == 200


def test_job_types_sort_by_order_by(simulator: Simulator) -> None:
    found = ids(simulator, "job_types", orderBy="id", orderByDirection="asc")
    assert found == sorted(found)


def test_the_lower_bound_is_inclusive_and_the_upper_exclusive_to_the_last_tick(simulator: Simulator) -> None:
    row = rows(simulator, "customers")[7]
    stamp = row["modifiedOn"]
    assert row["id"] in ids(simulator, "customers", modifiedOnOrAfter=stamp)
    assert row["id"] not in ids(simulator, "customers", modifiedBefore=stamp)


def test_bounds_are_instants_in_any_zone(simulator: Simulator) -> None:
    utc = ids(simulator, "jobs", createdOnOrAfter="2025-01-01T06:00:00Z")
    assert utc == ids(simulator, "jobs", createdOnOrAfter="2025-01-01T00:00:00-06:00")


def test_the_list_hides_inactive_rows_unless_asked(simulator: Simulator) -> None:
    shown, hidden = ids(simulator, "customers"), ids(simulator, "customers", active="false")
    assert hidden
    assert sorted(shown + hidden) == sorted(ids(simulator, "customers", active="Any"))


def test_invoices_and_payments_have_an_activity_state(simulator: Simulator) -> None:
    for entity in ("invoices", "payments"):
        states = [ids(simulator, entity, activeState=state) for state in ("All", "ActiveOnly", "InactiveOnly")]
        assert set(states[0]) == set(states[1]) | set(states[2])
        assert states[1] == ids(simulator, entity) == ids(simulator, entity, active="False")


def test_ids_look_up_at_most_fifty(simulator: Simulator) -> None:
    wanted = ids(simulator, "jobs")[:51]
    assert ids(simulator, "jobs", ids=",".join(map(str, wanted[:2]))) == wanted[:2]
    assert "ids" in problems(simulator, "jobs", ids=",".join(map(str, wanted)))


def test_children_are_found_by_their_parent(simulator: Simulator) -> None:
    job = rows(simulator, "jobs")[0]
    assert job["id"] in ids(simulator, "jobs", customerId=job["customerId"])
    assert ids(simulator, "invoices", jobId=job["id"], activeState="All") == [job["invoiceId"]]


def test_an_unknown_parameter_is_ignored(simulator: Simulator) -> None:
    assert ids(simulator, "jobs", scheduledOnOrAfter="tomorrow") == ids(simulator, "jobs")


@pytest.mark.parametrize("parameter", ["page", "pageSize", "modifiedOnOrAfter", "createdBefore", "active", "ids"])
def test_a_wrong_value_is_a_400_that_names_the_parameter(simulator: Simulator, parameter: str) -> None:
    assert problems(simulator, "customers", **{parameter: "x"}) == {parameter: ["The value 'x' is not valid."]}


def test_contacts_need_a_filter(simulator: Simulator) -> None:
    assert "customerIds" in problems(simulator, "customer_contacts")
    assert "customerIds" in problems(simulator, "customer_contacts", createdOnOrAfter=ALWAYS)
    assert ids(simulator, "location_contacts", createdOnOrAfter=ALWAYS)
    contact = rows(simulator, "customer_contacts", modifiedOnOrAfter=ALWAYS)[0]
    assert contact["id"] in ids(simulator, "customer_contacts", customerIds=f"1,{contact['customerId']}")

"""The export feeds of the contacts go on where they ended, and show what was deleted."""

from collections.abc import Iterator
from typing import Any

import pytest

from servicetitan_simulator import Simulator

FEEDS = ["customer_contacts", "location_contacts"]


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(customers=20, requests_per_second=0, export_lag=0) as running:
        yield running


def batch(simulator: Simulator, entity: str = "customer_contacts", **parameters: Any) -> dict[str, Any]:
    found: dict[str, Any] = simulator.export(entity, **parameters).json()
    return found


def read_to_the_end(
    simulator: Simulator, entity: str = "customer_contacts", since: str = ""
) -> tuple[list[dict[str, Any]], str]:
    """All rows from `since` to the end, and the token to go on with."""
    rows: list[dict[str, Any]] = []
    while True:
        answer = batch(simulator, entity, since=since)
        rows, since = rows + answer["data"], answer["continueFrom"]
        if not answer["hasMore"]:
            return rows, since


@pytest.mark.parametrize("entity", FEEDS)
def test_a_feed_shows_every_contact_with_its_activity_in_batches(simulator: Simulator, entity: str) -> None:
    simulator.settings(export_batch_size=2)
    [gone] = simulator.deactivate(entity)
    rows, _ = read_to_the_end(simulator, entity)
    live = [record | {"active": True} for record in simulator.records(entity)]
    assert sorted((row for row in rows if row["active"]), key=lambda row: row["id"]) == live
    assert [row["id"] for row in rows if not row["active"]] == [gone]
    assert [row["modifiedOn"][:19] for row in rows] == sorted(row["modifiedOn"][:19] for row in rows)
    assert list(batch(simulator, entity)) == ["hasMore", "continueFrom", "data"]


def test_a_feed_goes_on_with_what_was_changed_or_deleted_since(simulator: Simulator) -> None:
    _, token = read_to_the_end(simulator)
    assert read_to_the_end(simulator, since=token) == ([], token)
    [touched] = simulator.touch("customer_contacts")
    [gone] = simulator.deactivate("customer_contacts")
    rows, later = read_to_the_end(simulator, since=token)
    assert {row["id"]: row["active"] for row in rows} == {touched: True, gone: False}
    assert rows[-1]["modifiedOn"] >= rows[0]["modifiedOn"] > "2025"
    assert read_to_the_end(simulator, since=later) == ([], later)


def test_a_date_is_inclusive_to_the_last_tick(simulator: Simulator) -> None:
    rows, _ = read_to_the_end(simulator)
    since = rows[5]["modifiedOn"]
    assert [row["id"] for row in batch(simulator, since=since)["data"]] == [row["id"] for row in rows[5:]]
    assert batch(simulator, since="2999-01-01")["data"] == []


def test_new_changes_come_late_unless_asked_for_and_then_more_than_once(simulator: Simulator) -> None:
    simulator.settings(token_lifetime=3600)
    _, token = read_to_the_end(simulator)
    simulator.settings(export_lag=900)
    touched = simulator.touch("customer_contacts")
    assert batch(simulator, since=token) == {"hasMore": False, "continueFrom": token, "data": []}
    for _ in range(2):
        answer = batch(simulator, since=token, recent=True)
        assert [row["id"] for row in answer["data"]] == touched
        token = answer["continueFrom"]
    simulator.settings(clock_offset=901)
    assert [row["id"] for row in batch(simulator, since=token)["data"]] == touched


def test_a_deleted_contact_leaves_the_list_and_comes_back_when_it_is_set(simulator: Simulator) -> None:
    [gone] = simulator.deactivate("customer_contacts")
    listed = simulator.get("customer_contacts", modifiedOnOrAfter="0001-01-01", pageSize=5000).json()["data"]
    assert gone not in [row["id"] for row in listed]
    _, token = read_to_the_end(simulator)
    simulator.set("customer_contacts", gone, {"memo": "back"})
    assert [(row["id"], row["memo"], row["active"]) for row in read_to_the_end(simulator, since=token)[0]] == [
        (gone, "back", True)
    ]
    simulator.deactivate("customer_contacts", [gone])
    assert [row["id"] for row in read_to_the_end(simulator, since=token)[0]] == [gone]


def test_a_contact_can_vanish_without_a_trace(simulator: Simulator) -> None:
    [deactivated] = simulator.deactivate("customer_contacts")
    [gone] = simulator.delete("customer_contacts")
    simulator.delete("customer_contacts", [deactivated])
    assert {gone, deactivated}.isdisjoint(row["id"] for row in read_to_the_end(simulator)[0])


def test_a_row_that_is_no_json_comes_as_it_is(simulator: Simulator) -> None:
    simulator.raw("customer_contacts", 5, '{"id": broken')
    assert '[{"id": broken,' in simulator.export("customer_contacts").text


def test_a_token_holds_for_its_own_feed_only(simulator: Simulator) -> None:
    token = batch(simulator, "location_contacts")["continueFrom"]
    for since in (token, token[:-2], "yesterday", "bm9uc2Vuc2U="):
        answer = simulator.export("customer_contacts", since=since)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["from"])
    assert simulator.export("customer_contacts", recent="maybe").status_code == 400


def test_a_feed_is_an_endpoint_like_the_others(simulator: Simulator) -> None:
    simulator.fault("export/customers", {"status": 503}, times=1)
    simulator.fault("customer_contacts", {"envelope": {"data": None}}, calls=[2])
    assert [simulator.export("customer_contacts").status_code for _ in range(2)] == [503, 200]
    assert simulator.calls()["by_entity"] == {"customer_contacts": 2}
    assert simulator.calls()["by_path"] == {"/crm/v2/tenant/1234567/export/customers/contacts": 2}
    simulator.settings(removed_scopes=["tn.crm.customers:r"])
    assert simulator.export("customer_contacts").status_code == 403


def test_a_feed_may_send_empty_batches_in_between(simulator: Simulator) -> None:
    simulator.settings(export_batch_size=10, export_empty_batches=True)
    sizes, since, more = [], "", True
    while more:
        answer = batch(simulator, since=since)
        sizes, since, more = [*sizes, len(answer["data"])], answer["continueFrom"], answer["hasMore"]
    assert sizes[0::2] == [0] * len(sizes[0::2])
    assert sum(sizes) == len(simulator.records("customer_contacts"))

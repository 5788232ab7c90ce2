"""Each kind of fault spoils the answers that it was ordered for, and no others."""

import time
from collections.abc import Iterator

import pytest
import requests

from servicetitan_simulator import Simulator


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(customers=20) as running:
        yield running


def statuses(simulator: Simulator, calls: int, entity: str = "customers") -> list[int]:
    return [simulator.get(entity).status_code for _ in range(calls)]


def test_chosen_calls_fail_with_a_status(simulator: Simulator) -> None:
    simulator.fault("customers", {"status": 500}, calls=[2, 3])
    assert statuses(simulator, 4) == [200, 500, 500, 200]


def test_a_rule_may_start_late_repeat_and_end(simulator: Simulator) -> None:
    simulator.fault("customers", {"status": 500}, first=3)
    simulator.fault("locations", {"status": 502}, every=2)
    simulator.fault("jobs", {"status": 503}, times=1)
    assert statuses(simulator, 4) == [200, 200, 500, 500]
    assert statuses(simulator, 4, "locations") == [200, 502, 200, 502]
    assert statuses(simulator, 2, "jobs") == [503, 200]


def test_an_entitys_rule_leaves_its_companions_alone(simulator: Simulator) -> None:
    simulator.fault("customers", {"status": 500})
    assert simulator.get("customer_contacts", modifiedOnOrAfter="2000-01-01").status_code == 200


def test_a_path_rule_holds_for_a_whole_module(simulator: Simulator) -> None:
    simulator.fault("/crm/v2/", {"status": 500})
    assert statuses(simulator, 1) + statuses(simulator, 1, "jobs") == [500, 200]


def test_a_429_has_its_wait_in_title_and_header(simulator: Simulator) -> None:
    title = "Rate limit is exceeded. Try again in 7 seconds."
    simulator.fault("customers", {"status": 429, "title": title, "retry_after": "7"})
    answer = simulator.get("customers")
    assert answer.json() == {"status": 429, "title": title}
    assert answer.headers["Retry-After"] == "7"


def test_an_outage_is_an_html_page(simulator: Simulator) -> None:
    simulator.fault("customers", {"status": 503, "html": True, "title": "Down"})
    answer = simulator.get("customers")
    assert answer.headers["Content-Type"] == "text/html"
    assert answer.text.startswith("<html>")


def test_a_delay_holds_the_answer_back(simulator: Simulator) -> None:
    simulator.fault("customers", {"delay": 0.2})
    started = time.monotonic()
    assert statuses(simulator, 1) == [200]
    assert time.monotonic() - started >= 0.2


def test_a_cut_breaks_the_connection_in_the_body(simulator: Simulator) -> None:
    simulator.fault("customers", {"cut": True}, calls=[1])
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        simulator.get("customers")
    assert statuses(simulator, 1) == [200]


def test_truncated_json_comes_in_a_valid_answer(simulator: Simulator) -> None:
    simulator.fault("customers", {"truncate": True})
    with pytest.raises(requests.exceptions.JSONDecodeError):
        simulator.get("customers").json()


def test_a_body_may_be_any_text(simulator: Simulator) -> None:
    simulator.fault("customers", {"body": "[1, 2]"})
    assert simulator.get("customers").json() == [1, 2]


def test_envelope_keys_can_be_replaced_and_removed(simulator: Simulator) -> None:
    simulator.fault("customers", {"envelope": {"data": None, "hasMore": "yes", "page": "__remove__"}})
    assert simulator.get("customers").json() == {"pageSize": 50, "hasMore": "yes", "totalCount": None, "data": None}


def test_revoked_tokens_are_a_401_until_the_next_login(simulator: Simulator) -> None:
    simulator.fault("customers", {"revoke_tokens": True}, calls=[2])
    assert statuses(simulator, 2) == [200, 401]
    assert requests.get(simulator.address("customers"), headers=simulator.login()).status_code == 200


def test_the_token_endpoint_can_fail(simulator: Simulator) -> None:
    simulator.fault("token", {"status": 503, "html": True}, calls=[1])
    with pytest.raises(requests.exceptions.JSONDecodeError):
        simulator.login()
    assert simulator.login()


@pytest.mark.parametrize(("when", "more"), [("before", 1), ("after", 0)])
def test_records_change_before_or_after_an_answer(simulator: Simulator, when: str, more: int) -> None:
    before = simulator.counts()["tag_types"]["active"]
    simulator.fault("tag_types", {"actions": [{"add": {"entity": "tag_types"}}], "when": when}, calls=[1])
    assert len(simulator.get("tag_types").json()["data"]) == before + more
    assert len(simulator.get("tag_types").json()["data"]) == before + 1


def test_cleared_faults_are_over(simulator: Simulator) -> None:
    simulator.fault("customers", {"status": 500})
    simulator.clear_faults()
    assert statuses(simulator, 1) == [200]


def test_a_misspelt_rule_is_refused(simulator: Simulator) -> None:
    with pytest.raises(ValueError, match="statsu"):
        simulator.fault("customers", {"statsu": 500})

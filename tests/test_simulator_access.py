"""The simulator lets in whom ServiceTitan lets in, and refuses with its errors."""

from collections.abc import Iterator

import pytest
import requests

from servicetitan_simulator import APP_KEY, CLIENT_ID, CLIENT_SECRET, Simulator

GRANT = {"grant_type": "client_credentials"}
GATEWAY_404 = {"status": 404, "title": "Unable to match incoming request to an operation."}


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(customers=20) as running:
        yield running


def customers(simulator: Simulator, headers: dict[str, str]) -> requests.Response:
    return requests.get(simulator.address("customers"), headers=headers)


def test_a_token_lives_900_seconds_and_names_its_scopes(simulator: Simulator) -> None:
    form = GRANT | {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    answer = requests.post(f"{simulator.url}/connect/token", data=form).json()
    assert (answer["expires_in"], answer["token_type"]) == (900, "Bearer")
    assert "tn.crm.customers:r" in answer["scope"].split()


def test_id_and_secret_may_come_as_http_basic(simulator: Simulator) -> None:
    answer = requests.post(f"{simulator.url}/connect/token", data=GRANT, auth=(CLIENT_ID, CLIENT_SECRET))
    assert answer.status_code == 200


def test_wrong_credentials_are_a_400(simulator: Simulator) -> None:
    form = GRANT | {"client_id": CLIENT_ID, "client_secret": "cs1.wrong"}
    answer = requests.post(f"{simulator.url}/connect/token", data=form)
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_client"})


def test_a_call_without_a_token_is_a_401(simulator: Simulator) -> None:
    answer = customers(simulator, {"ST-App-Key": APP_KEY})
    assert (answer.status_code, answer.json()) == (401, {"status": 401, "title": "Unauthorized"})


def test_a_wrong_app_key_is_a_401(simulator: Simulator) -> None:
    assert customers(simulator, simulator.login() | {"ST-App-Key": "ak1.wrong"}).status_code == 401


def test_an_expired_token_is_a_401(simulator: Simulator) -> None:
    headers = simulator.login()
    simulator.settings(clock_offset=901)
    assert customers(simulator, headers).status_code == 401


def test_another_tenant_is_a_404(simulator: Simulator) -> None:
    url = simulator.address("customers").replace(simulator.tenant_id, "7654321")
    answer = requests.get(url, headers=simulator.login())
    assert (answer.status_code, answer.json()["title"]) == (404, "Not Found")


def test_an_unknown_path_is_a_404_of_the_gateway(simulator: Simulator) -> None:
    answer = requests.get(simulator.address("customers") + "/17", headers=simulator.login())
    assert (answer.status_code, answer.json()) == (404, GATEWAY_404)


def test_a_removed_scope_is_a_403_that_names_it(simulator: Simulator) -> None:
    simulator.settings(removed_scopes=["tn.crm.customers:r"])
    assert simulator.get("customers").json() == {
        "status": 403,
        "title": "Scope validation failed: the token lacks tn.crm.customers:r.",
    }
    assert simulator.get("locations").status_code == 200


def test_the_date_header_follows_the_simulators_clock(simulator: Simulator) -> None:
    simulator.settings(clock_offset=-(10**9))
    assert int(simulator.get("customers").headers["Date"].split()[3]) < 2020

"""The simulator counts its calls, limits their rate and changes by itself."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from servicetitan_simulator import Simulator, SimulatorClient

PIPELINES = Path(__file__).parents[1] / "pipelines"


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(customers=20) as running:
        yield running


def test_calls_are_counted_by_path_entity_and_status(simulator: Simulator) -> None:
    simulator.get("customers")
    simulator.get("custom_fields", "jobs", page=0)
    calls = simulator.calls()
    assert calls.pop("cpu_seconds") > 0
    assert calls == {
        "total": 2,
        "by_path": {"/crm/v2/tenant/1234567/customers": 1, "/jpm/v2/tenant/1234567/jobs/custom-fields": 1},
        "by_entity": {"customers": 1, "custom_fields": 1},
        "max_per_second": 2,
        "tokens": 1,
        "statuses": {"200": 2, "400": 1},
    }


def test_the_counters_can_be_reset(simulator: Simulator) -> None:
    simulator.get("customers")
    simulator.reset_calls()
    assert (simulator.calls()["total"], simulator.calls()["statuses"]) == (0, {})


def test_the_61st_call_in_a_second_is_a_429(simulator: Simulator) -> None:
    answers = [simulator.get("tag_types") for _ in range(61)]
    assert [answer.status_code for answer in answers] == [200] * 60 + [429]
    assert answers[-1].json() == {"status": 429, "title": "Rate limit is exceeded. Try again in 1 seconds."}
    assert "Retry-After" not in answers[-1].headers


def test_the_limit_and_its_header_can_be_set(simulator: Simulator) -> None:
    simulator.settings(requests_per_second=1, retry_after_header=True)
    assert [simulator.get("tag_types").headers.get("Retry-After") for _ in range(2)] == [None, "1"]


def test_latency_slows_every_call(simulator: Simulator) -> None:
    simulator.settings(latency=0.15)
    started = time.monotonic()
    simulator.get("customers")
    assert time.monotonic() - started >= 0.15


def test_an_unknown_setting_is_refused(simulator: Simulator) -> None:
    with pytest.raises(ValueError, match="latencies"):
        simulator.settings(latencies=1)


def test_the_business_goes_on_by_itself(simulator: Simulator) -> None:
    before = max(row["modifiedOn"] for row in simulator.records("customers") + simulator.records("jobs"))
    simulator.settings(changes_per_minute=6000)
    time.sleep(0.5)
    simulator.settings(changes_per_minute=0)
    assert max(row["modifiedOn"] for row in simulator.records("customers") + simulator.records("jobs")) > before


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_says_one_line_and_ends_tidily(number: signal.Signals) -> None:
    program = "from servicetitan_simulator import serve; serve(customers=20)"
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=PIPELINES, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        ready = re.fullmatch(r"simulator ready on (\S+) \(20 customers, \d+ records\)\n", process.stdout.readline())
        assert ready is not None
        client = SimulatorClient(ready[1])
        assert client.counts()["customers"]["all"] == 20
        client.close()
        process.send_signal(number)
        assert process.communicate() == ("", "")
    assert process.returncode == 0

"""Runs on two workers of Celery, each a process and a folder of its own, with a broker between: one is killed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest

pytest.importorskip("dagster", reason="Dagster is not installed here: make test-dagster has it")

from dagster import DagsterInstance, DagsterRun, DagsterRunStatus, RunsFilter
from dagster_celery.tags import DAGSTER_CELERY_TASK_ID_TAG

from conftest import ROOT
from mirror import Mirror, simulator
from orchestration import instance as home
from orchestration.celery_app import BROKER
from orchestration.names import CHANGES, OUTCOME, TENANT
from servers import new_database
from servicetitan_mirror.postgres.warehouse import RAW, Warehouse

pytestmark = [
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.skipif(not shutil.which("redis-server"), reason="The broker is missing: apt-get install redis-server"),
]
T = TypeVar("T")


@dataclass
class Machine:
    """A machine as far as it matters here: a folder with a checkout, and processes that die together."""

    folder: Path
    environment: dict[str, str]

    def start(self, running: ExitStack, *command: str) -> subprocess.Popen[bytes]:
        """Start a program of this Python there."""
        path = str(self.folder / "pipelines")
        log = (self.folder / f"{Path(command[0]).name}.log").open("wb")
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            env={**self.environment, "DAGSTER_HOME": str(self.folder), "PYTHONPATH": path},
            cwd=self.folder,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        running.callback(log.close)
        running.callback(end, process)
        return process


def machine(folder: Path, environment: dict[str, str]) -> Machine:
    folder.mkdir()
    for name in ("dbt_project", "pipelines", ".dlt"):
        (folder / name).symlink_to(ROOT / name)
    home.write(folder, at_once=4, of_a_database=4, celery=True, look=2)
    return Machine(folder, environment)


def end(process: subprocess.Popen[bytes], number: signal.Signals = signal.SIGKILL) -> None:
    """End a machine's program with all that it has started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)
    process.wait(30)


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """A broker on loopback that keeps nothing on disk."""
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL) as server:
        yield f"redis://127.0.0.1:{port}/0"
        server.terminate()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(what: Callable[[], T], seconds: float = 180) -> T:
    """What it answers once that is something."""
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.3)
    return found


@pytest.fixture
def slow(embedded_18: Warehouse, root: Path) -> Iterator[Mirror]:
    """A tenant of whom nothing was read yet, and whose API takes its time."""
    with simulator(30, tenant_id="1") as source:
        source.settings(latency=1.5)
        yield Mirror(source, new_database(embedded_18), root)


@pytest.fixture
def network(slow: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Machine, ExitStack]]:
    """Code server and daemon on one machine, storage and broker for all; Dagster's tools reach them from here."""
    with redis(tmp_path) as broker, ExitStack() as running:
        environment = {**slow.environment(), BROKER: broker, home.STORAGE: home.storage(slow.warehouse)}
        control = machine(tmp_path / "control", environment)
        for name in (BROKER, home.STORAGE):
            monkeypatch.setenv(name, environment[name])
        monkeypatch.setenv("DAGSTER_HOME", str(control.folder))
        yield control, running


def runs(instance: DagsterInstance, **tags: str) -> list[DagsterRun]:
    """The runs of the tenant, the first one first."""
    return [*instance.get_runs(RunsFilter(job_name=CHANGES, tags={TENANT: "1", **tags}), ascending=True)]


def worker_of(instance: DagsterInstance, run_id: str) -> str | None:
    """The worker that has begun a run."""
    launcher: Any = instance.run_launcher
    run = instance.get_run_by_id(run_id)
    task = run.tags.get(DAGSTER_CELERY_TASK_ID_TAG) if run else None
    info = launcher.celery.AsyncResult(task).info if task else None
    return info.get("hostname") if isinstance(info, dict) else None


def is_in_the_middle(mirror: Mirror) -> bool:
    """Whether something has landed and something has not."""
    if mirror.row(f"select to_regclass('{RAW}.sync_log')") == (None,):
        return False
    at_work = f"select count(*) from {RAW}.sync_log where status = 'started'"
    return mirror.row(f"select count(*) > 0 from {RAW}.customers") == (True,) and mirror.row(at_work) > (0,)


def test_a_worker_that_is_killed_loses_nothing_and_its_tenant_is_synced_by_the_other(
    slow: Mirror, network: tuple[Machine, ExitStack], tmp_path: Path
) -> None:
    control, running = network
    serve(control, running)
    workers = {}
    for name in ("north", "south"):
        place = machine(tmp_path / name, control.environment)
        celery = ("celery", "-A", "orchestration.celery_app", "worker", "-Q", "dagster", "-c", "1")
        workers[f"{name}@here"] = place.start(running, *celery, "-n", f"{name}@here")
    with DagsterInstance.get() as instance:
        first = wait_for(lambda: runs(instance))[0]
        wait_for(lambda: is_in_the_middle(slow))
        died = worker_of(instance, first.run_id)
        assert (died in workers, {f"{name}@here" for name in worked(tmp_path)}) == (True, {died})
        end(workers[died])
        slow.source.settings(latency=0)
        again = wait_for(lambda: runs(instance, **{"dagster/parent_run_id": first.run_id}))[0]
        done = wait_for(lambda: ended(instance, again.run_id))
        failed = instance.get_run_by_id(first.run_id)
        assert failed
        assert (failed.status, done.status) == (DagsterRunStatus.FAILURE, DagsterRunStatus.SUCCESS)
        assert (done.tags[OUTCOME], worked(tmp_path)) == ("completed", {"north", "south"})
    assert slow.differences() == []
    twice = "select count(*) from (select id from {}.jobs group by tenant_id, id having count(*) > 1) as twice"
    assert slow.row(twice.format(RAW)) == (0,)
    assert {status for (status,) in slow.rows("select status from st_sync_log")} == {"abandoned", "completed"}


def worked(machines: Path) -> set[str]:
    """The machines on which a sync was at work: it leaves dlt's and dbt's files below the checkout."""
    return {name for name in ("north", "south") if [*(machines / name).glob(".servicetitan/*/1")]}


def serve(control: Machine, running: ExitStack) -> None:
    """The code server, and the daemon, which looks for tenants, keeps the queue and watches the runs."""
    port = free_port()
    server = ("dagster", "code-server", "start", "-h", "127.0.0.1", "-p", str(port), "-m", "orchestration.definitions")
    control.start(running, *server)
    workspace = control.folder / "workspace.yaml"
    workspace.write_text(f"load_from: [{{grpc_server: {{host: 127.0.0.1, port: {port}, location_name: here}}}}]")
    wait_for(lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0)
    control.start(running, "dagster._daemon", "run", "-w", str(workspace))


def ended(instance: DagsterInstance, run_id: str) -> DagsterRun | None:
    run = instance.get_run_by_id(run_id)
    return run if run and run.is_finished else None

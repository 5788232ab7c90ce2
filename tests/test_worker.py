"""The schedule: runs go on after a failure, never overlap, and SIGTERM ends it tidily."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mirror import Mirror
from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.worker import Worker

PIPELINES = Path(__file__).resolve().parents[1] / "pipelines"


def start_worker(command: str, minutes: float = 0.01) -> subprocess.Popen[str]:
    """A worker in a process of its own that runs a piece of Python in place of a sync."""
    script = (
        "import sys; from servicetitan_mirror.worker import Worker; "
        f"Worker({minutes}, '02:00', (sys.executable, '-c', {command!r})).run()"
    )
    environment = {"PYTHONPATH": str(PIPELINES), "PATH": "/usr/bin:/bin"}
    return subprocess.Popen([sys.executable, "-c", script], env=environment, stderr=subprocess.PIPE, text=True)


def test_a_failed_sync_does_not_end_the_worker(tmp_path: Path) -> None:
    worker = start_worker(f"open({str(tmp_path / 'runs')!r}, 'a').write('x'); raise SystemExit(1)")
    wait_for(lambda: runs(tmp_path) >= 3)
    assert "sync ended with exit code 1" in end(worker)


def test_two_syncs_never_run_at_once(tmp_path: Path) -> None:
    worker = start_worker(f"""
import pathlib, time
mark = pathlib.Path({str(tmp_path)!r}) / "at-work"
mark.touch(exist_ok=False)
time.sleep(1.5)
mark.unlink()
open({str(tmp_path / "runs")!r}, "a").write("x")""")
    wait_for(lambda: runs(tmp_path) >= 3)
    assert "FileExistsError" not in end(worker)


def test_sigterm_ends_a_running_sync_and_the_worker(tmp_path: Path) -> None:
    worker = start_worker(f"""
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: (open({str(tmp_path / "told")!r}, "w"), sys.exit(1)))
open({str(tmp_path / "runs")!r}, "a").write("x")
time.sleep(60)""")
    wait_for(lambda: runs(tmp_path) == 1)
    end(worker)
    assert (tmp_path / "told").exists()


def test_the_worker_syncs_for_real(empty_mirror: Mirror) -> None:
    worker = subprocess.Popen(
        [sys.executable, str(empty_mirror.root / "pipelines" / "servicetitan.py"), "worker"],
        env={**empty_mirror.environment(), "WORKER__EVERY_MINUTES": "0.05"},
        cwd=empty_mirror.root,
        stderr=subprocess.DEVNULL,
    )
    done = "select count(distinct run_id) from raw_servicetitan.sync_log where status = 'completed'"
    exists = "select to_regclass('raw_servicetitan.sync_log') is not null"
    wait_for(lambda: empty_mirror.row(exists)[0] and empty_mirror.row(done)[0] >= 2, seconds=60)
    worker.terminate()
    assert worker.wait(15) == 0
    assert empty_mirror.rows("select distinct triggered_by from st_sync_log") == [("scheduled",)]


@pytest.mark.parametrize("time_of_day", ["2", "25:00", "02:60", "two o'clock"])
def test_a_wrong_time_of_day_is_named(time_of_day: str) -> None:
    with pytest.raises(ConfigurationError, match="WORKER__FULL_AT"):
        Worker(5, time_of_day)


def end(worker: subprocess.Popen[str]) -> str:
    """Send SIGTERM; what the worker wrote, once it has ended by itself and well."""
    worker.send_signal(signal.SIGTERM)
    _, written = worker.communicate(timeout=10)
    assert worker.returncode == 0
    return written


def runs(folder: Path) -> int:
    """How many runs have left their mark."""
    mark = folder / "runs"
    return len(mark.read_text()) if mark.exists() else 0


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until the condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)

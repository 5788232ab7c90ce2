"""The schedule: runs go on after a failure, never overlap, and SIGTERM ends it tidily."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mirror import Mirror
from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.worker import run_worker

PIPELINES = Path(__file__).resolve().parents[1] / "pipelines"


def start_worker(command: str, minutes: float = 0.01, more: str = "", **settings: str) -> subprocess.Popen[str]:
    """A worker in a process of its own that runs a piece of Python in place of a sync."""
    script = (
        "import subprocess, sys; from datetime import time; from servicetitan_mirror.worker import Worker; "
        f"begin = lambda arguments: subprocess.Popen([sys.executable, '-c', {command!r}, *arguments]); "
        f"Worker({minutes}, time(2), begin{more}).run()"
    )
    environment = {"PYTHONPATH": str(PIPELINES), "PATH": "/usr/bin:/bin", **settings}
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


def test_sigterm_ends_a_worker_that_is_just_beginning(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(10)
        tenants = tuple("abcdefgh")
        for wait in range(10):
            told = {"NOTIFY_SOCKET": str(tmp_path / "notify")}
            worker = start_worker("import time; time.sleep(60)", more=f", {tenants}, 8", **told)
            assert listener.recv(100) == b"READY=1"
            time.sleep(wait / 2_000)
            end(worker)
            assert listener.recv(100) == b"STOPPING=1"


def test_no_tenant_waits_for_another_ones_slow_sync(tmp_path: Path) -> None:
    worker = start_worker(
        f"""
import sys, time
open({str(tmp_path / "runs")!r}, "a").write("x" if "quick" in sys.argv else "")
time.sleep(60 if "slow" in sys.argv else 0)""",
        more=", ('slow', 'quick'), 2",
    )
    wait_for(lambda: runs(tmp_path) >= 3)
    said = end(worker)
    assert "sync of quick ended with exit code 0" in said
    assert "sync of slow ended with exit code -15" in said


def test_systemd_hears_that_the_worker_is_ready_alive_and_stopping(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(10)
        named = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "200000"}
        worker = start_worker("pass", minutes=5, **named)
        said = [listener.recv(100).decode() for _ in range(4)]
        assert said == ["READY=1", "WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"]
        end(worker)
        while (last := listener.recv(100)) == b"WATCHDOG=1":
            pass
        assert last == b"STOPPING=1"


def test_the_worker_syncs_for_real(mirror: Mirror) -> None:
    mirror.rows("truncate raw_servicetitan.sync_log")
    worker = subprocess.Popen(
        [sys.executable, str(mirror.root / "pipelines" / "servicetitan.py"), "worker"],
        env={**mirror.environment(), "WORKER__EVERY_MINUTES": "0.05"},
        cwd=mirror.root,
        stderr=subprocess.DEVNULL,
    )
    done = "select count(distinct run_id) from raw_servicetitan.sync_log where status = 'completed'"
    wait_for(lambda: mirror.row(done)[0] >= 2, seconds=60)
    worker.terminate()
    assert worker.wait(15) == 0
    assert mirror.rows("select distinct triggered_by from st_sync_log") == [("scheduled",)]


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("FULL_AT", "2", "'2'; it must be a time of day like 02:00."),
        ("FULL_AT", "25:00", "'25:00'; it must be a time of day like 02:00."),
        ("FULL_AT", "02:60", "'02:60'; it must be a time of day like 02:00."),
        ("EVERY_MINUTES", "abc", "'abc'; it must be a number from 0.01 to 1440."),
        ("EVERY_MINUTES", "nan", "'nan'; it must be a number from 0.01 to 1440."),
        ("EVERY_MINUTES", "0", "'0'; it must be a number from 0.01 to 1440."),
    ],
)
def test_a_wrong_setting_of_the_schedule_is_named(
    monkeypatch: pytest.MonkeyPatch, setting: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"WORKER__{setting}", value)
    with pytest.raises(ConfigurationError) as refused:
        run_worker()
    assert str(refused.value) == f"The environment variable WORKER__{setting} is {said}"


@pytest.mark.parametrize("zone", ["America/New_York", "UTC", "Not/AZone", ""])
def test_the_worker_starts_in_any_time_zone(zone: str) -> None:
    program = "from servicetitan_mirror.worker import Worker; from datetime import time; Worker(5, time(2))"
    environment = {"PYTHONPATH": str(PIPELINES), "PATH": "/usr/bin:/bin", "TZ": zone}
    assert subprocess.run([sys.executable, "-c", program], env=environment, check=False).returncode == 0


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

"""Processes that are forked from one that has imported the program do what the command does."""

from __future__ import annotations

import signal
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from multiprocessing import forkserver

import pytest

from servicetitan_mirror import __version__
from servicetitan_mirror.forked import Forked, is_as_imported


def ended(*arguments: str) -> tuple[int, str]:
    """The exit code of the command and what it printed."""
    process = Forked(arguments, keeps_output=True)
    printed = process.output()
    return process.wait(), printed


def test_a_forked_command_prints_and_ends_as_any_other() -> None:
    code, printed = ended("--version")
    assert (code, printed.split()[:2]) == (0, ["servicetitan-mirror", __version__])
    assert ended("no-such-command") == (2, "")
    assert is_as_imported()


def test_each_of_many_at_once_has_its_own_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    def read_slowly(file: int) -> int:
        time.sleep(next(pauses))  # so that another thread may read it meanwhile
        return read(file)

    read, pauses = forkserver.read_signed, cycle([0.3, 0.0])
    monkeypatch.setattr(forkserver, "read_signed", read_slowly)
    with ThreadPoolExecutor(8) as pool:
        codes = [code for code, _ in pool.map(ended, ["no-such-command", "--version"] * 10)]
    assert codes == [2, 0] * 10


def test_a_forked_command_can_be_ended() -> None:
    process = Forked(["simulate", "--port", "0"], keeps_output=True)
    process.terminate()
    assert process.wait() in (-signal.SIGTERM, 0)

"""What a sync shows while it works, on a real pseudo-terminal."""

from __future__ import annotations

import io
import re
import sys

import pytest

import terminal
from mirror import Mirror
from servicetitan_mirror.entities import STANDARD
from servicetitan_mirror.raw.outcomes import Outcome
from servicetitan_mirror.terminal.progress import LiveProgress
from servicetitan_mirror.terminal.screen import console


def on_terminal(mirror: Mirror, *arguments: str, columns: int = 80, **environment: str) -> terminal.Shown:
    """Run the command on a terminal."""
    command = [sys.executable, str(mirror.root / "pipelines" / "servicetitan.py"), *arguments]
    variables = {**mirror.environment(), "TERM": "xterm-256color", **environment}
    return terminal.run(command, variables, mirror.root, columns)


def test_a_first_sync_shows_lists_and_the_tables_that_are_built(empty_mirror: Mirror) -> None:
    empty_mirror.settings = {"page_size": 10, "requests_per_second": 30}
    shown = on_terminal(empty_mirror)
    assert shown.code == 0
    assert any(re.search(r"^customers +\S+ +\d+ records +page \d of 2", screen, re.M) for screen in shown.screens)
    landed = rf"^\S \d+ of {len(STANDARD)} modules landed, building st_"
    assert any(re.search(landed, screen, re.M) for screen in shown.screens)
    assert any(re.search(r"^\S building st_", screen, re.M) for screen in shown.screens)
    left = {int(count) for count in re.findall(r"building st_.* and (\d+) more", "\n".join(shown.screens))}
    assert len(left) > 1  # dbt tells of each table that is done
    assert all(len(line) <= 80 for screen in shown.screens for line in screen.splitlines())
    assert "…" not in shown.written
    assert shown.last.splitlines()[1].startswith("module ")  # the display is gone
    assert re.search(r"^customers +20 +20 +0 +0 +0 +\d+\.\d completed$", shown.last, re.M)


def test_a_reason_is_shown_once_while_the_sync_goes_on() -> None:
    screen = console(io.StringIO(), 80)
    with screen.capture() as captured:
        progress = LiveProgress(screen)
        for entity in STANDARD:
            progress.settled(Outcome(entity, "full", "failed", error="The disk is full."))
    assert captured.get() == "business_units (full): The disk is full.\n"


@pytest.mark.parametrize("environment", [{"TERM": "dumb"}, {"TERM": "unknown"}])
def test_a_dumb_terminal_gets_plain_lines(mirror: Mirror, environment: dict[str, str]) -> None:
    shown = on_terminal(mirror, "--only", "jobs", **environment)
    assert shown.code == 0
    assert "\x1b" not in shown.written
    assert "jobs (incremental): " in shown.written

"""What `servicetitan check` shows: a line for each thing that a sync needs, green, yellow or red."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from servicetitan_mirror.config import tenants
from servicetitan_mirror.operation.check import is_well, look, settings_are_wrong
from servicetitan_mirror.operation.check_line import Line
from servicetitan_mirror.operation.wording import plain
from servicetitan_mirror.terminal.guard import FAILED, WRONG
from servicetitan_mirror.terminal.screen import console
from servicetitan_mirror.terminal.tenants import chosen


def run_check(root: Path, wanted: Sequence[str], as_json: bool) -> int:
    """Look, for each tenant that is meant, and show it; returns 0, 1 where a line is red, 2 for wrong settings."""
    found: dict[str | None, list[Line]] = {}
    for name in chosen(wanted):
        tenants.use(name)
        found[name] = look(root)
    if as_json:
        print(to_json(found))
    else:
        for name, lines in found.items():
            print_lines(console(sys.stdout), name, lines)
    if any(map(settings_are_wrong, found.values())):
        return WRONG
    return 0 if all(map(is_well, found.values())) else FAILED


def to_json(found: dict[str | None, list[Line]]) -> str:
    """The same for a program."""
    said = [
        {"tenant": name, "ok": is_well(lines), "lines": [asdict(line) for line in lines]}
        for name, lines in found.items()
    ]
    return json.dumps({"ok": all(each["ok"] for each in said), "tenants": said}, indent=2)


def print_lines(screen: Console, tenant: str | None, lines: Sequence[Line]) -> None:
    """The lines, what to do below each, and how many there are of each colour."""
    if tenant:
        screen.print(f"tenant {tenant}", style="bold")
    for line in lines:
        screen.print(f"{line.colour:<7} {line.subject:<11} {plain(line.sentence)}", style=line.colour, soft_wrap=True)
        if line.advice:
            screen.print(f"{'':<19} → {plain(line.advice)}", soft_wrap=True)
    counts = [(sum(line.colour == colour for line in lines), colour) for colour in ("green", "yellow", "red")]
    screen.print(", ".join(f"{count} {colour}" for count, colour in counts))

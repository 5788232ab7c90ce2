"""How the command was called, so that a message can show another one that can be pasted."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path

from servicetitan_mirror.places import COMMAND


def command(*arguments: str) -> str:
    """The line to type for this program with other arguments: `.venv/bin/servicetitan psql --demo`."""
    program = sys.argv[0]
    name = Path(program).name
    if not name.startswith("servicetitan"):
        called = list(COMMAND)
    elif name.endswith(".py"):
        called = [_short(sys.executable), _short(program)]
    else:
        found = shutil.which(name)
        called = [name if found and os.path.realpath(found) == os.path.realpath(program) else _short(program)]
    return shlex.join([*called, *arguments])


def _short(path: str) -> str:
    """Relative where it is below the current folder."""
    absolute = Path(os.path.abspath(path))
    return str(absolute.relative_to(Path.cwd())) if absolute.is_relative_to(Path.cwd()) else str(absolute)

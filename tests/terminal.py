"""A terminal: a pseudo-terminal of a given size, and what stands on it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ESCAPE = re.compile(r"\x1b\[([?0-9;]*)([A-Za-z])|([\r\n])|([^\x1b\r\n]+)")


@dataclass(frozen=True)
class Shown:
    """What a program showed: its exit code, the bytes it wrote as text, and the screens that stood in between."""

    code: int
    written: str
    screens: list[str]

    @property
    def last(self) -> str:
        """What stands there in the end."""
        return self.screens[-1]


def run(command: Sequence[str], environment: Mapping[str, str], folder: Path, columns: int = 80) -> Shown:
    """Run a program on a terminal of so many columns and 50 lines."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    process = subprocess.Popen(command, env=environment, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    parts = []
    try:
        while part := os.read(ours, 65_536):
            parts.append(part)
    except OSError:  # the program has ended
        pass
    os.close(ours)
    written = b"".join(parts).decode()
    return Shown(process.wait(), written, screens(written))


def screens(written: str) -> list[str]:
    """The text on the screen each time that something is about to be drawn over, and in the end."""
    lines, row, column, seen, drawn = [""], 0, 0, [], False
    for codes, letter, control, text in ESCAPE.findall(written):
        if letter in ("A", "K") and drawn:
            seen.append("\n".join(lines))
            drawn = False
        if letter == "A":
            row = max(row - int(codes or 1), 0)
        elif letter == "K":
            lines[row] = "" if codes == "2" else lines[row][:column]
        elif control == "\r":
            column = 0
        elif control == "\n":
            row += 1
            lines += [""] * (row == len(lines))
        elif text:
            lines[row] = lines[row][:column].ljust(column) + text + lines[row][column + len(text) :]
            column, drawn = column + len(text), True
    return [*seen, "\n".join(lines)]

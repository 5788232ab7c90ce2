"""One program from start to end: wall time, CPU, memory, and its lines as they come."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MAXRSS = 1 if sys.platform == "darwin" else 1024  # bytes in a unit of ru_maxrss


@dataclass(frozen=True)
class Ran:
    """A program that has ended: seconds of wall and CPU time, its peak memory in MB (1,000,000 bytes).

    `lines` is what it wrote to standard error, each line with the second at which it came.
    """

    seconds: float
    cpu: float
    peak: float
    output: str
    lines: tuple[tuple[float, str], ...]

    def second_of(self, words: str) -> float:
        """When the first line with these words came; the program's end if none did."""
        return next((second for second, line in self.lines if words in line), self.seconds)


def run(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> Ran:
    """Run a program to its end.

    Raises:
        RuntimeError: it failed; with the end of what it said.
    """
    with tempfile.TemporaryFile("w+") as output:
        began = time.monotonic()
        process = subprocess.Popen(
            command, env=environment, cwd=folder, stdout=output, stderr=subprocess.PIPE, text=True
        )
        try:
            lines = tuple((time.monotonic() - began, line.rstrip()) for line in process.stderr or ())
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.monotonic() - began
            process.returncode = os.waitstatus_to_exitcode(status)
        finally:
            if process.returncode is None:
                process.kill()
                process.wait()
        output.seek(0)
        text = output.read()
    if process.returncode:
        said = "\n".join([*(line for _, line in lines), text][-30:])
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{said}")
    return Ran(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * MAXRSS / 1e6, text, lines)

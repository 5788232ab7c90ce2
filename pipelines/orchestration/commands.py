"""The command as a process: its log goes to Dagster's, its JSON comes back."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO, Any

from servicetitan_mirror.places import COMMAND, ONE_OF_SEVERAL

LOCKED, WRONG = 3, 2  # exit codes
GRACE = 15  # seconds that a sync has to end by itself
Say = Callable[[str, str], object]  # a line and its level


@dataclass(frozen=True)
class Said:
    """What a command said: its exit code, its JSON, the run of st_sync_log, and the last line of its log."""

    code: int
    answer: Any
    run: str | None
    last: str


def run(arguments: Sequence[str], say: Say) -> Said:
    """Run it to its end. When we are told to end, so is it."""
    environment = {**os.environ, ONE_OF_SEVERAL: "yes", "LOG__FORMAT": "json"}
    process = subprocess.Popen(
        [*COMMAND, *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    heard = _Log(process.stderr, say)
    heard.start()
    try:
        written = process.stdout.read() if process.stdout else ""
        code = process.wait()
    except BaseException:
        process.terminate()
        process.wait(GRACE)
        raise
    heard.join()
    return Said(code, _parsed(written), heard.run_id, heard.last)


class _Log(threading.Thread):
    """Reads the log, so that the process never waits for us."""

    def __init__(self, stream: IO[str] | None, say: Say) -> None:
        super().__init__(daemon=True)
        self._stream = stream
        self._say = say
        self.run_id: str | None = None
        self.last = ""

    def run(self) -> None:
        """Hand on line by line."""
        for line in self._stream or ():
            event = _parsed(line)
            event = event if isinstance(event, dict) else {"message": line.strip(), "level": "warning"}
            self.run_id = event.get("run") or self.run_id
            self.last = str(event.get("message"))
            self._say(self.last, str(event.get("level", "info")))


def _parsed(written: str) -> Any:
    try:
        return json.loads(written)
    except ValueError:
        return None

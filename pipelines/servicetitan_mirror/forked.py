"""Syncs of many tenants in processes that need not import the program: forked from one that has, and does nothing else.

To import it takes an idle sync a third of its time. The processes share nothing: what is imported reads no setting,
starts no thread but that of the memory allocator, and opens no connection before the fork.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection, wait

from servicetitan_mirror.places import HERE, ONE_OF_SEVERAL

IMPORTED = ["__main__", "servicetitan_mirror.sync", "servicetitan_mirror.terminal.command"]

_context = get_context("forkserver") if "forkserver" in get_all_start_methods() else get_context("spawn")
_context.set_forkserver_preload(IMPORTED)


def is_as_imported() -> bool:
    """Whether the program's files are still those that were imported: an upgrade must not be mixed with them."""
    return _newest() == _NEWEST


def _newest() -> float:
    return max(path.stat().st_mtime for path in HERE.glob("**/*.py"))


_NEWEST = _newest()
_ONE_AT_A_TIME = threading.Lock()  # to start a process reads how others have ended, which can be read only once


class Forked:
    """The command with these arguments, which begins at once; what it prints is kept for `output` where that is asked.

    It has the environment of the first of them, and ends with the exit code of the command.
    """

    def __init__(self, arguments: Sequence[str], keeps_output: bool = False) -> None:
        self._reader: Connection | None = None
        writer: Connection | None = None
        if keeps_output:
            self._reader, writer = _context.Pipe(duplex=False)
        self._process = _context.Process(target=_run, args=([*arguments], writer))
        with _ONE_AT_A_TIME:
            self._process.start()
        if writer:
            writer.close()

    def output(self) -> str:
        """What it prints, until it ends."""
        if not self._reader:
            return ""
        with self._reader, open(self._reader.fileno(), closefd=False, encoding="utf-8", errors="replace") as printed:
            return printed.read()

    def wait(self) -> int:
        """Its exit code; that of a process which a signal has ended is the signal's number below zero."""
        wait([self._process.sentinel])
        with _ONE_AT_A_TIME:
            self._process.join()
            return self._process.exitcode or 0

    def terminate(self) -> None:
        """Ask it to end."""
        self._process.terminate()


def _run(arguments: list[str], output: Connection | None) -> None:
    if output:
        os.dup2(output.fileno(), 1)
        output.close()
        sys.stdout = open(1, "w", encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115
    os.environ[ONE_OF_SEVERAL] = "yes"
    sys.argv[1:] = arguments
    from servicetitan import cli

    cli()

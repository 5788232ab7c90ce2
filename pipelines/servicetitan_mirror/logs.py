"""The log of a sync, the worker and the page: one line an event on standard error, as text or as JSON.

As JSON, whatever is written to standard error is one object a line: a library's warning, a traceback, what dlt logs.
Only wrong usage that ends the command before it knows the format stays text.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import sys
import threading
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal, TextIO, cast

import click

from servicetitan_mirror.clock import UTC
from servicetitan_mirror.config import tenants
from servicetitan_mirror.config.checks import OneOf, Rule
from servicetitan_mirror.config.reading import read_setting, reject_unknown

Level = Literal["debug", "info", "warning", "error"]
SECTION = ("log",)
FORMATS, LEVELS = ("text", "json"), ("debug", "info", "warning", "error")
RULES: dict[str, Rule] = {"format": OneOf(FORMATS), "level": OneOf(LEVELS)}


class Log:
    """What this process logs: in which format, from which level on, of which run."""

    format = "text"
    level: Level = "info"
    run = ""


class JsonLines:
    """Standard error, of which each line that somebody writes becomes an object."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._begun: dict[int, str] = {}  # what each thread has not ended yet

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Take a text; each line of it is written once it is whole."""
        thread = threading.get_ident()
        with self._lock:
            *lines, self._begun[thread] = (self._begun.pop(thread, "") + text).split("\n")
        for line in filter(str.strip, lines):
            self.event(line, "warning", {})
        return len(text)

    def writelines(self, texts: Iterable[str]) -> None:
        """As `write`, of several."""
        for text in texts:
            self.write(text)

    def finish(self) -> None:
        """Write what was begun and will not be ended."""
        with self._lock:
            begun, self._begun = self._begun, {}
        for line in filter(str.strip, begun.values()):
            self.event(line, "warning", {})

    def event(self, message: str, level: Level, fields: dict[str, Any]) -> None:
        """Write an object, at once: other processes write there too."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        known = {"time": now, "level": level, "run": Log.run or None, "tenant": tenants.used(), "message": message}
        said = {name: value for name, value in {**known, **fields}.items() if value is not None}
        self._stream.write(json.dumps(said, ensure_ascii=False, default=str) + "\n")
        self._stream.flush()

    def isatty(self) -> bool:
        """It is for programs, wherever it goes."""
        return False


def begin() -> None:
    """Log as `[log]` says, or the options of the command before it, in this process and in those that it starts.

    Raises:
        ConfigurationError: a setting makes no sense.
    """
    reject_unknown(SECTION, RULES)
    for name in RULES:
        use(name, read_setting(SECTION, name, RULES[name], getattr(Log, name)))


def use(name: str, value: str) -> None:
    """Log in this format, or from this level on."""
    setattr(Log, name, value)
    os.environ["__".join((*SECTION, name)).upper()] = value
    if Log.format == "json" and not isinstance(sys.stderr, JsonLines):
        _replace(sys.stderr)


def _replace(stream: TextIO) -> None:
    lines = JsonLines(stream)
    sys.stderr = cast(TextIO, lines)
    atexit.register(lines.finish)
    for handler in (*logging.getLogger().handlers, *logging.getLogger("dlt").handlers):
        if isinstance(handler, logging.StreamHandler) and handler.stream is stream:
            handler.setStream(sys.stderr)


def is_json() -> bool:
    """Whether the log is JSON."""
    return isinstance(sys.stderr, JsonLines)


def is_wanted(level: Level) -> bool:
    """Whether events of the level are logged."""
    return LEVELS.index(level) >= LEVELS.index(Log.level)


def say(message: str, level: Level = "info", **fields: Any) -> None:
    """Log an event; as text it is its message alone."""
    if not is_wanted(level):
        return
    if isinstance(sys.stderr, JsonLines):
        sys.stderr.event(message, level, fields)
    else:
        click.echo(message, err=True)

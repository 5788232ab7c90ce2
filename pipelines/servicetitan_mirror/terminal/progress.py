"""What a running sync shows: a live display on a terminal, plain lines in a log."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from datetime import datetime

from rich.console import Console, Group
from rich.live import Live
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from servicetitan_mirror import logs
from servicetitan_mirror.config import tenants
from servicetitan_mirror.logs import Level, Log
from servicetitan_mirror.operation.wording import many
from servicetitan_mirror.raw.outcomes import Outcome
from servicetitan_mirror.reading.reading import Reading
from servicetitan_mirror.terminal.report import COUNTS, sentence
from servicetitan_mirror.watcher import Watcher


class Rate(ProgressColumn):
    """Records per second."""

    def render(self, task: Task) -> Text:
        """The rate over the time that the list has been read."""
        seconds = task.finished_time or task.elapsed or 0
        return Text(f"{task.fields['records'] / seconds:,.0f}/s" if seconds > 0.1 else "", style="cyan")


class LiveProgress(Watcher):
    """A line for each list under way, and one for the sync: modules done, and the tables that are being built."""

    def __init__(self, screen: Console) -> None:
        self._screen = screen
        self._lists = Progress(*_columns(screen.width), console=screen)
        self._sync = Progress(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=screen)
        self._live = Live(Group(self._lists, self._sync), console=screen, transient=True)
        self._lines: dict[str, TaskID] = {}
        self._lock = threading.Lock()
        self._modules: set[str] = set()
        self._done = 0
        self._tables: frozenset[str] = frozenset()
        self._said: set[str] = set()

    def run_began(self, run_id: str, place: str) -> None:
        """Say where the data goes, before anything is drawn."""
        self.say(f"database: {place}")

    def planned(self, readings: Sequence[Reading]) -> None:
        """Begin to draw."""
        self._modules = {reading.task.entity.name for reading in readings}
        self._line = self._sync.add_task("", total=None)
        self._show()
        self._live.start()

    def page(self, reading: Reading) -> None:
        """Draw the list's line, from its first page on; lists of one page do not appear."""
        if reading.pages == 1 and (reading.pages_total or 1) == 1:
            return
        with self._lock:
            name = reading.task.name
            if name not in self._lines:
                self._lines[name] = self._lists.add_task(name, total=None, records=0, pages="?")
            self._lists.update(
                self._lines[name],
                completed=reading.pages,
                total=reading.pages_total,
                records=reading.fetched,
                pages=f"{reading.pages_total:,}" if reading.pages_total else "?",
            )

    def settled(self, outcome: Outcome) -> None:
        """A finished module leaves the display; a failed one leaves a line, the first for its reason."""
        with self._lock:
            for name in [name for name in self._lines if name.partition(".")[0] == outcome.entity.name]:
                self._lists.remove_task(self._lines.pop(name))
        self._done += 1
        if outcome.error and outcome.error not in self._said:
            self._said.add(outcome.error)
            self._screen.print(sentence(outcome), style="red", soft_wrap=True)
        self._show()

    def building(self, tables: frozenset[str]) -> None:
        """Name the tables that are being built."""
        self._tables = tables
        self._show()

    def all_read(self) -> None:
        """Nothing is left but tables."""
        self._done = len(self._modules)
        self._show()

    def say(self, text: str, level: Level = "info") -> None:
        """Print something above the display."""
        self._screen.print(text, soft_wrap=True)

    def close(self) -> None:
        """Stop drawing."""
        self._live.stop()

    def _show(self) -> None:
        if not self._modules:
            return
        left = self._done < len(self._modules)
        said = f"{self._done} of {many(len(self._modules), 'module')} landed" if left else ""
        if self._tables or not left:
            said += ", building " if said else "building "
            room = self._screen.width - len(said) - len("* and 99 more  0:00:00 ")
            said += _fitting(sorted(self._tables), room) or "the st_ tables"
        self._sync.update(self._line, description=said)


def _columns(width: int) -> list[ProgressColumn]:
    """What a list's line shows on a terminal of so many columns."""
    name = TextColumn("{task.description}")
    records = TextColumn("{task.fields[records]:>9,} records", justify="right")
    page = TextColumn("page {task.completed:,.0f} of {task.fields[pages]}", justify="right")
    left = TimeRemainingColumn(compact=True)
    if width >= 105:
        return [name, BarColumn(bar_width=24), records, page, Rate(), left]
    return [name, BarColumn(bar_width=8), records, page, left] if width >= 80 else [name, page, left]


def _fitting(names: Sequence[str], width: int) -> str:
    """As many of the names as the width holds, and how many more there are: `st_jobs and 3 more`."""
    shown = [name for place, name in enumerate(names) if len(", ".join(names[: place + 1])) <= width]
    shown = shown or [*names[:1]]
    rest = len(names) - len(shown)
    return ", ".join(shown) + (f" and {rest} more" if rest else "")


class LogLines(Watcher):
    """One line per event on standard error, for cron and containers: time, tenant's name, run, what happened."""

    def run_began(self, run_id: str, place: str) -> None:
        """From here on each line names the run."""
        Log.run = run_id
        self.say(f"database: {place}", database=place)

    def planned(self, readings: Sequence[Reading]) -> None:
        """How much there is to do."""
        full = sum(reading.task.is_full for reading in readings)
        self.say(f"reading {len(readings)} lists, {full} of them in full", lists=len(readings), full=full)

    def page(self, reading: Reading) -> None:
        """How far a list is read."""
        if logs.is_wanted("debug"):
            pages = f"{reading.pages:,} of {reading.pages_total or '?'}"
            self.say(f"{reading.task.name}: page {pages}, {reading.fetched:,} records", "debug", list=reading.task.name)

    def settled(self, outcome: Outcome) -> None:
        """The module in a sentence."""
        level: Level = "error" if outcome.error else "warning" if outcome.details else "info"
        told = {count: getattr(outcome, count) for count in COUNTS}
        self.say(sentence(outcome), level, module=outcome.entity.name, sync_type=outcome.sync_type, **told)

    def all_read(self) -> None:
        """Nothing is left but tables."""
        self.say("building the st_ tables")

    def close(self) -> None:
        """Nothing to close."""

    def say(self, text: str, level: Level = "info", **fields: object) -> None:
        """The text as an event, with fields for programs; in plain text, each line of it as a line of the log."""
        if logs.is_json():
            logs.say(text, level, **fields)
        elif logs.is_wanted(level):
            now = datetime.now().astimezone().isoformat(timespec="seconds")
            for line in text.splitlines():
                said = " ".join(filter(None, (now, tenants.used(), Log.run, line)))
                print(f"{said}\n", end="", file=sys.stderr, flush=True)  # at once: other processes write there too

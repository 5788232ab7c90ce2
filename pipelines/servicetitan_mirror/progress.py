"""What a running sync shows: a live display on a terminal, plain lines in a log."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from datetime import datetime

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from servicetitan_mirror.log import Outcome
from servicetitan_mirror.reading import Reading
from servicetitan_mirror.report import sentence
from servicetitan_mirror.sync import Watcher


class Rate(ProgressColumn):
    """Records per second."""

    def render(self, task: Task) -> Text:
        """The rate over the time that the list has been read."""
        seconds = task.finished_time or task.elapsed or 0
        return Text(f"{task.fields['records'] / seconds:,.0f}/s" if seconds > 0.1 else "", style="cyan")


class LiveProgress(Watcher):
    """One line per list under way: records, pages of the total, rate and time left."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[records]:>9,} records", justify="right"),
            TextColumn("page {task.completed:,.0f} of {task.fields[pages]}", justify="right"),
            Rate(),
            TimeRemainingColumn(compact=True),
            console=console,
            transient=True,
        )
        self._lines: dict[str, object] = {}
        self._lock = threading.Lock()

    def planned(self, readings: Sequence[Reading]) -> None:
        """Begin to draw."""
        self._progress.start()

    def page(self, reading: Reading) -> None:
        """Draw the list's line, from its first page on; lists of one page do not appear."""
        if reading.pages == 1 and (reading.pages_total or 1) == 1:
            return
        with self._lock:
            name = reading.task.name
            if name not in self._lines:
                self._lines[name] = self._progress.add_task(name, total=None, records=0, pages="?")
            self._progress.update(
                self._lines[name],  # type: ignore[arg-type]
                completed=reading.pages,
                total=reading.pages_total,
                records=reading.fetched,
                pages=f"{reading.pages_total:,}" if reading.pages_total else "?",
            )

    def landed(self, outcome: Outcome) -> None:
        """A finished module leaves the display; a failed one leaves a line."""
        for name in list(self._lines):
            if name.partition(".")[0] == outcome.entity.name:
                self._progress.remove_task(self._lines.pop(name))  # type: ignore[arg-type]
        if outcome.error:
            self._progress.console.print(sentence(outcome), style="red", highlight=False)

    def building(self) -> None:
        """dbt has no pages to show."""
        self._progress.add_task("building the st_ tables", total=None, records=0, pages="?", visible=False)

    def say(self, text: str) -> None:
        """Print something below the display."""
        self._progress.console.print(text, highlight=False, markup=False, soft_wrap=True)

    def close(self) -> None:
        """Stop drawing."""
        self._progress.stop()


class LogLines(Watcher):
    """One plain line per event on standard error, for cron and containers: time, run, what happened."""

    def __init__(self) -> None:
        self._run = ""

    def began(self, run_id: str) -> None:
        """From here on each line names the run."""
        self._run = run_id

    def planned(self, readings: Sequence[Reading]) -> None:
        """How much there is to do."""
        full = sum(reading.task.is_full for reading in readings)
        self.say(f"reading {len(readings)} lists, {full} of them in full")

    def landed(self, outcome: Outcome) -> None:
        """The module in a sentence."""
        self.say(sentence(outcome))

    def building(self) -> None:
        """dbt begins."""
        self.say("building the st_ tables")

    def close(self) -> None:
        """Nothing to close."""

    def say(self, text: str) -> None:
        """Each line of the text as a line of the log."""
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        for line in text.splitlines():
            print(*filter(None, (now, self._run, line)), file=sys.stderr, flush=True)

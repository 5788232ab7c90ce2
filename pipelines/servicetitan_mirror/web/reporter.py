"""The report for whoever asks: made anew unless it was made a moment ago, by one at a time."""

from __future__ import annotations

import threading
import time

import psycopg2

from servicetitan_mirror.errors import MirrorError
from servicetitan_mirror.postgres.refusals import explain
from servicetitan_mirror.report.figures import figures
from servicetitan_mirror.report.page import render
from servicetitan_mirror.web.watch import FRESH, SHARE, Watch

PATIENCE = 60.0  # seconds that a reader waits for a report that is being made for another one


class Reporter:
    """Makes the report of the database that a watch looks at."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._lock = threading.Lock()
        self._page, self._fresh_until = "", 0.0

    def page(self) -> str:
        """The page; as the watch's looks, one is good for so many times as long as it took.

        Raises:
            MirrorError: there is none now, and why.
        """
        if not self._lock.acquire(timeout=PATIENCE):
            raise MirrorError("The report is being made for somebody else, which takes long. Try again.")
        try:
            if time.monotonic() > self._fresh_until:
                self._make()
            return self._page
        finally:
            self._lock.release()

    def _make(self) -> None:
        began, watch = time.monotonic(), self._watch
        try:
            self._page = render(figures(watch.warehouse, watch.max_age, watch.tenants))
        except psycopg2.Error as error:
            raise MirrorError(explain(error, "make the report")) from None
        ended = time.monotonic()
        self._fresh_until = ended + max(FRESH, SHARE * (ended - began))

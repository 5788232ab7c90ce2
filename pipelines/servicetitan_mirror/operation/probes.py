"""A first page of one record from each list: whether it can be read, and how many records it holds."""

from __future__ import annotations

import copy
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from servicetitan_mirror.api.calls import Calls
from servicetitan_mirror.api.client import Answer, Client
from servicetitan_mirror.clock import UTC
from servicetitan_mirror.config.settings import Settings
from servicetitan_mirror.errors import EndpointError
from servicetitan_mirror.reading.paging import Paging
from servicetitan_mirror.reading.proof import Pass
from servicetitan_mirror.reading.task import Task

PATIENCE = 10  # seconds; a sync is more patient
AT_ONCE = 8
WHOLE_SECOND = timedelta(seconds=1)  # a Date header has no fractions


@dataclass(frozen=True)
class Probe:
    """What a list's first page told.

    Attributes:
        task: what was asked of the list.
        total: how many records it holds; None where it does not say or cannot be read.
        ahead: how many seconds the server's clock is ahead of ours, beyond what the call itself took.
        notes: what the list is read without, as sentences.
        error: why it cannot be read.
    """

    task: Task
    total: int | None = None
    ahead: float = 0.0
    notes: list[str] = field(default_factory=list)
    error: EndpointError | None = None


class Prober:
    """Asks for first pages, with the settings' own token, rate limit and way to the network."""

    def __init__(self, settings: Settings) -> None:
        brief = copy.copy(settings)
        brief.page_size, brief.patience = 1, min(settings.patience, PATIENCE)
        self._client = Client(brief)

    def log_in(self) -> float:
        """Get a token; returns how many seconds that took. Raises what `Client.log_in` raises."""
        began = time.monotonic()
        self._client.log_in()
        return time.monotonic() - began

    def probe(self, tasks: Sequence[Task]) -> list[Probe]:
        """Ask each list for everything, one record of it. Raises ConfigurationError as `Client.page` does."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return [*pool.map(self._probe, tasks)]

    def _probe(self, task: Task) -> Probe:
        paging = Paging(self._client, task, Calls())
        while True:
            asked_at = datetime.now(UTC)
            try:
                with next(paging.pages(Pass(full=True))) as answer:
                    return Probe(task, answer.envelope.total, _ahead(answer, asked_at), paging.notes())
            except EndpointError as problem:
                if not paging.fall_back(problem):
                    return Probe(task, error=problem)


def _ahead(answer: Answer, asked_at: datetime) -> float:
    early, late = asked_at - WHOLE_SECOND, datetime.now(UTC)
    nearest = min(max(answer.sent_at, early), late)
    return (answer.sent_at - nearest).total_seconds()

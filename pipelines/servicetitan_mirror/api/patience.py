"""How long a call is tried again, and how long is waited before each try."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

import tenacity
from tenacity.stop import stop_base

from servicetitan_mirror.api.problems import DOUBTED, Doubtful, Transient
from servicetitan_mirror.errors import Stopped

T = TypeVar("T")


class Patience:
    """Tries again what fails for the moment, for so many `seconds` at most, and not once `stopping` is set."""

    def __init__(self, seconds: float, stopping: threading.Event) -> None:
        self.seconds = seconds
        self._stopping = stopping

    def __call__(self, attempt: Callable[..., T], *arguments: object) -> T:
        """What the attempt returns, as soon as one succeeds.

        Raises:
            Transient: the last try failed for the moment, as all before it.
            Doubtful: an answer was doubtful so often that it is to be believed.
            Stopped: the sync is asked to end meanwhile.
        """
        trying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type((Transient, Doubtful)),
            wait=_wait,
            stop=_Believed() | tenacity.stop_after_delay(self.seconds),
            sleep=self.pause,
            reraise=True,
        )
        return trying(attempt, *arguments)

    def pause(self, seconds: float) -> None:
        """Wait; raises Stopped when the sync is asked to end meanwhile."""
        if self._stopping.wait(seconds):
            raise Stopped


def _wait(state: tenacity.RetryCallState) -> float:
    """What the server asked for in seconds, at least an exponential back-off with jitter."""
    error = state.outcome.exception() if state.outcome else None
    back_off = tenacity.wait_exponential_jitter(multiplier=0.5, max=60, jitter=0.5)(state)
    return max(back_off, error.wait if isinstance(error, Transient) else 0.0)


class _Believed(stop_base):
    """Whether a doubtful answer has come often enough."""

    def __call__(self, retry_state: tenacity.RetryCallState) -> bool:
        error = retry_state.outcome.exception() if retry_state.outcome else None
        return isinstance(error, Doubtful) and retry_state.attempt_number >= DOUBTED

"""Looks at the database for whoever asks: one look at a time, and never longer than a reader waits.

A database that hangs, vanishes or is locked costs one thread and one connection, which are given up after a while. What
was seen before stays at hand, with its time.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import psycopg2
from psycopg2.extensions import connection as Connection

from servicetitan_mirror.clock import UTC
from servicetitan_mirror.errors import MirrorError
from servicetitan_mirror.operation.activity import (
    Ended,
    Failing,
    Step,
    Underway,
    ended_since,
    failing,
    history,
    underway,
)
from servicetitan_mirror.operation.standing import TenantState, tenant_state
from servicetitan_mirror.operation.states import Look, looking
from servicetitan_mirror.postgres.refusals import explain
from servicetitan_mirror.postgres.warehouse import Warehouse, query

GIVEN_UP = 30  # seconds after which a look that has not ended is cut off
FRESH = 3.0  # seconds for which a look is good for others too
SHARE = 10  # a look is good for so many times as long as it took: it never takes more than a tenth of the time
RUNS = 12
LATE = timedelta(minutes=10)  # a run's row may be seen so long after the time in it


@dataclass(frozen=True)
class Tenant:
    """One tenant, as it was seen."""

    state: TenantState
    underway: list[Underway]
    history: list[Step]
    failing: list[Failing]


@dataclass(frozen=True)
class Seen:
    """The mirror, as it was seen at a moment; `ended` are the parts of runs that ended lately."""

    at: datetime
    tenants: list[Tenant]
    ended: list[Ended]


@dataclass(frozen=True)
class Answer:
    """What can be said now: what was seen last, if ever, and why it could not be seen again, as a sentence."""

    seen: Seen | None
    trouble: str | None = None


class Watch:
    """Looks at one database. `told` hears of every look, one after the other."""

    def __init__(
        self,
        warehouse: Warehouse,
        max_age: timedelta,
        tenants: Collection[int] = (),
        patience: float = 5.0,
        told: Callable[[Seen], object] = lambda seen: None,
    ) -> None:
        self.warehouse = replace(warehouse, lock_timeout=GIVEN_UP)
        self.place, self.max_age = warehouse.place(), max_age
        self.tenants, self._patience, self._told = tenants, patience, told
        self._lock = threading.Lock()
        self._looking: Future[Seen | str] | None = None
        self._began = self._fresh_until = 0.0
        self._last: Seen | None = None
        self._start = self._ended_after = datetime.now(UTC)

    def answer(self) -> Answer:
        """What was seen a moment ago, or is seen now; waits for the database as long as a reader would."""
        with self._lock:
            if not self._looking or (self._looking.done() and time.monotonic() > self._fresh_until):
                self._looking, self._began = Future(), time.monotonic()
                threading.Thread(target=self._look, args=(self._looking,), daemon=True).start()
            looking, began = self._looking, self._began
        try:
            seen = looking.result(self._patience)
        except Late:
            seen = f"The database has not answered for {time.monotonic() - began:.0f} seconds."
        return Answer(self._last, seen) if isinstance(seen, str) else Answer(seen)

    def _look(self, looking: Future[Seen | str]) -> None:
        seen = self._seen_or_why_not()
        if isinstance(seen, Seen):
            self._told(seen)
            self._last, self._ended_after = seen, max(self._start, seen.at - LATE)
        took = time.monotonic() - self._began if isinstance(seen, Seen) else 0
        self._fresh_until = time.monotonic() + max(FRESH, SHARE * took)
        looking.set_result(seen)

    def _seen_or_why_not(self) -> Seen | str:
        try:
            return self._see()
        except MirrorError as error:
            return str(error)
        except psycopg2.Error as error:
            return explain(error, "look at the mirror")
        except Exception as error:  # its message may quote a record
            return f"Something unforeseen went wrong: {type(error).__name__}."

    def _see(self) -> Seen:
        with closing(self.warehouse.connect("servicetitan serve")) as connection, _cut_after(GIVEN_UP, connection):
            query(connection, f"set statement_timeout = '{GIVEN_UP}s'")
            with looking(connection, self.tenants) as look:
                ended = [one for one in ended_since(look, self._ended_after) if one.tenant_id in look.running]
                return Seen(look.inventory.now, [self._see_tenant(look, tenant) for tenant in look.running], ended)

    def _see_tenant(self, look: Look, tenant_id: int) -> Tenant:
        state = tenant_state(look, tenant_id, self.max_age, RUNS)
        rows = sum(table.rows or 0 for table in state.tables)
        under = underway(look, tenant_id)
        return Tenant(state, under, history(look, tenant_id, rows), failing(look, tenant_id))


@contextmanager
def _cut_after(seconds: int, connection: Connection) -> Iterator[None]:
    """Shut the connection's socket when its time is over: whatever waits for an answer then fails."""
    is_cut = threading.Event()

    def cut() -> None:
        is_cut.set()
        with suppress(Exception), socket.socket(fileno=os.dup(connection.fileno())) as ours:
            ours.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (psycopg2.Error, MirrorError):
        if is_cut.is_set():
            raise MirrorError(f"The database gave no answer for {seconds} seconds.") from None
        raise
    finally:
        timer.cancel()

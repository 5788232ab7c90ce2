"""A stream settles, in one transaction: counts, deletions, rejected records, cursors and its row of the log.

After a crash either all of it is there, or its lists are read again, which changes nothing twice.
"""

from __future__ import annotations

from datetime import datetime

import psycopg2
from psycopg2.extensions import connection as Connection

from servicetitan_mirror.postgres.refusals import explain
from servicetitan_mirror.postgres.warehouse import RAW, query, transaction
from servicetitan_mirror.raw import cursors, pending_loads
from servicetitan_mirror.raw.deletions import mark_deleted
from servicetitan_mirror.raw.drift import keep_drift
from servicetitan_mirror.raw.loading import new_load_id
from servicetitan_mirror.raw.log import SyncLog
from servicetitan_mirror.raw.outcomes import Outcome, outcome_of_readings
from servicetitan_mirror.raw.rejections import keep_rejected
from servicetitan_mirror.raw.streams import Stream
from servicetitan_mirror.reading.cursor_rule import cursor_after
from servicetitan_mirror.reading.reading import Reading


class Settling:
    """Settles the streams of one sync.

    Args:
        connection: the one that holds the sync's lock.
        began: when the sync began, by ServiceTitan's clock or ours, whichever is earlier: no cursor moves beyond it.
        first_seen_from: when it began by PostgreSQL's clock: a row first seen since then was created by this sync.
        share: of the records of a list, from 0 to 1, that may vanish at once.
    """

    def __init__(
        self,
        connection: Connection,
        sync_log: SyncLog,
        tenant_id: int,
        began: datetime,
        first_seen_from: datetime,
        share: float,
    ) -> None:
        self._connection = connection
        self._log = sync_log
        self._tenant_id = tenant_id
        self._began = began
        self._first_seen_from = first_seen_from
        self._share = share

    def settle(self, stream: Stream) -> Outcome:
        """Settle a stream that is loaded, or could not be; what goes wrong is in its outcome.

        Raises:
            psycopg2.Error: the connection that holds the lock is lost.
        """
        outcome = outcome_of_readings(stream)
        if stream.problem:
            outcome.failed = 0  # as the log says, which counts only what was settled
            outcome.fail(stream.problem)
            return outcome
        try:
            self._settle(stream, outcome)
        except psycopg2.Error as error:
            if self._connection.closed:
                raise
            outcome.fail(explain(error, f"settle {stream.entity.name}", self._connection))
        return outcome

    def _settle(self, stream: Stream, outcome: Outcome) -> None:
        with transaction(self._connection):
            if stream.loads:
                self._count(stream, outcome)
            unsettled = self._mark_deleted(stream, outcome)
            for reading in stream.readings:
                keep_rejected(self._connection, self._tenant_id, reading)
                keep_drift(self._connection, self._tenant_id, reading)
                if not reading.error and reading.task.name not in unsettled:
                    self._advance(reading, outcome)
            self._log.settled(self._connection, outcome)

    def _count(self, stream: Stream, outcome: Outcome) -> None:
        name = stream.entity.name
        ((written, created),) = query(
            self._connection,
            f"""
            select count(*), count(*) filter (where first_seen_at >= %s)
            from {RAW}.{name} where _dlt_load_id = any(%s) and tenant_id = %s
            """,
            (self._first_seen_from, stream.loads, self._tenant_id),
        )
        if not written:  # there is nothing to build
            pending_loads.remove(self._connection, self._tenant_id, [(name, load_id) for load_id in stream.loads])
        outcome.created, outcome.updated = created, written - created
        outcome.unchanged = outcome.fetched - outcome.failed - written

    def _mark_deleted(self, stream: Stream, outcome: Outcome) -> set[str]:
        """Mark what is gone; returns the lists that could not be compared, which are not settled."""
        complete = [reading for reading in stream.readings if reading.task.is_full and not reading.error]
        if stream.is_new or not complete:
            return set()
        load_id = new_load_id()
        marked = mark_deleted(self._connection, self._tenant_id, complete, load_id, self._share)
        outcome.deleted, outcome.deletions_refused = marked.count, marked.unmarked
        if marked.count:
            pending_loads.announce(self._connection, self._tenant_id, [stream.entity], load_id)
        for name, note in marked.passed_over.items():
            outcome.note(name, note)
        for name, refusal in marked.refused.items():
            outcome.fail(refusal, name)
        for name, problem in marked.problems.items():
            outcome.fail(explain(problem, f"mark what {name} no longer lists", self._connection), name)
        return set(marked.problems)

    def _advance(self, reading: Reading, outcome: Outcome) -> None:
        moment = cursor_after(self._began, reading.read_until)
        outcome.cursor_to = cursors.advance(self._connection, self._tenant_id, reading, moment)

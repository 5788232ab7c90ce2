"""What became of a stream: its outcome, which is its row of the sync log and what the user sees of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from servicetitan_mirror.entities import Entity
from servicetitan_mirror.errors import MirrorError
from servicetitan_mirror.raw.streams import Stream


@dataclass
class Outcome:
    """What became of one stream. Counts are of distinct records.

    Attributes:
        entity: whose stream it was.
        sync_type: `full` or `incremental`.
        status: `started`, then `completed` or `failed`.
        fetched: records that were read: created + updated + unchanged + rejected.
        created: records that landed for the first time in this sync.
        updated: records that landed before, and otherwise.
        unchanged: records that had landed as they are.
        deleted: records that were marked as deleted because the source no longer lists them.
        deletions_refused: records that the source no longer lists, and too many to be marked at once.
        failed: records that cannot land, and records of which a value could not be converted in this sync.
        failures_open: records that failed in this sync or an earlier one and were not healed since.
        api_calls: calls of ServiceTitan's API.
        throttled_calls: those of them that were answered with 429.
        seconds: from the beginning of its first reading until what landed could be queried; 0 before.
        cursor_from: from when on changes were read: the earliest of its lists; None if all were read in full.
        cursor_to: where the cursor of its last list that settled stands; None if none settled.
        error: the first thing that went wrong, as a sentence; None if nothing did.
        details: by the name of a list, what went wrong with it or was done otherwise than usual, as sentences.
    """

    entity: Entity
    sync_type: str
    status: str = "started"
    fetched: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    deletions_refused: int = 0
    failed: int = 0
    failures_open: int = 0
    api_calls: int = 0
    throttled_calls: int = 0
    seconds: float = 0.0
    cursor_from: datetime | None = None
    cursor_to: datetime | None = None
    error: str | None = None
    details: dict[str, str] = field(default_factory=dict)

    def fail(self, error: str, name: str | None = None) -> None:
        """Note an error, of a list where one is named; the first one is the message."""
        self.status = "failed"
        self.error = self.error or error
        if name:
            self.note(name, error)

    def note(self, name: str, said: str) -> None:
        """Note what a reader of the log should know of a list, though it may not have failed."""
        self.details[name] = "; ".join(filter(None, [self.details.get(name), said]))


def outcome_of_readings(stream: Stream) -> Outcome:
    """The outcome of a stream as far as its readings tell: what was fetched and rejected, at which cost."""
    readings = stream.readings
    outcome = Outcome(
        stream.entity,
        stream.sync_type,
        fetched=sum(reading.fetched for reading in readings),
        failed=sum(len(reading.rejected) + len(reading.unstorable) for reading in readings),
        api_calls=sum(reading.calls.made for reading in readings),
        throttled_calls=sum(reading.calls.throttled for reading in readings),
        cursor_from=min((reading.task.since for reading in readings if reading.task.since), default=None),
    )
    for reading in readings:
        if reading.error:
            outcome.fail(_message(reading.error), reading.task.name)
        for note in reading.notes:
            outcome.note(reading.task.name, note)
    return outcome


def _message(error: Exception) -> str:
    """The message of our own errors; of others only what they are, since they may quote a record."""
    return str(error) if isinstance(error, MirrorError) else f"unexpected {type(error).__name__}"

"""The ranges of time in which a list is read that shows nothing without one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from servicetitan_mirror.clock import UTC

FIRST = datetime(2012, 1, 1, tzinfo=UTC)  # ServiceTitan was founded in that year
LENGTH = timedelta(days=366)
SETTLING = timedelta(days=90)  # so long a record may change after its own moment, which nothing else would show


def windows(since: datetime | None, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The ranges that hold everything, or what may have changed since an instant; the last one ends after `now`."""
    begin, end = max(since - SETTLING, FIRST) if since else FIRST, now + timedelta(days=1)
    while begin < end:
        yield begin, min(begin + LENGTH, end)
        begin += LENGTH

"""Times: what ServiceTitan writes, what PostgreSQL keeps, and the server's clock.

ServiceTitan writes UTC with up to seven fractional digits; year 1 means "never set".
"""

from __future__ import annotations

from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

import msgspec
import requests

UTC = timezone.utc


def parse_instant(value: object) -> datetime | None:
    """An instant in UTC, to the microsecond; None for null, year 1 and anything that is not a time.

    A text without a zone is UTC: the API speaks nothing else.
    """
    if not isinstance(value, str):
        return None
    try:
        instant = msgspec.convert(value, datetime)
        instant = instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (msgspec.ValidationError, OverflowError, ValueError):
        return None
    return instant if instant.year > 1 else None


def format_instant(instant: datetime) -> str:
    """The form that the API's date filters take: `2026-01-02T03:04:05.678901Z`."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def server_time(answer: requests.Response) -> datetime | None:
    """The server's clock by the answer's `Date` header, whole seconds; None without a usable header."""
    return parse_http_date(answer.headers.get("Date", ""))


def parse_http_date(header: str) -> datetime | None:
    """The instant of a header such as `Thu, 26 Nov 2026 03:30:00 GMT`; None for anything else."""
    try:
        return parsedate_to_datetime(header).astimezone(UTC)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def earlier(server: datetime | None, ours: datetime) -> datetime:
    """The earlier of two clocks that should agree: a cursor that is too early reads twice, one too late loses."""
    return min(server or ours, ours)

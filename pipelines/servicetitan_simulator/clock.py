"""Time as ServiceTitan writes it: .NET ticks of 100 ns, counted from 0001-01-01, printed with up to 7 decimals.

All times inside the simulator are such ticks (int). `text` prints them, `ticks` reads them back, `Clock` tells the
server's own time, which a test may shift.
"""

import re
import time
from datetime import date
from email.utils import formatdate
from functools import lru_cache

SECOND = 10_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
NEVER = 0  # printed 0001-01-01T00:00:00Z, ServiceTitan's "never set"
UNIX_EPOCH = (date(1970, 1, 1).toordinal() - 1) * DAY

_TIMESTAMP = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?"
    r"(?:Z|([+\- ])(\d\d):?(\d\d))?",
    re.IGNORECASE,
)


def text(moment: int) -> str:
    """`2026-01-02T16:28:55.8446003Z`: trailing zeros of the fraction are cut, whole seconds have none."""
    seconds, fraction = divmod(moment, SECOND)
    day, second = divmod(seconds, 86_400)
    decimals = f".{fraction:07d}".rstrip("0") if fraction else ""
    return f"{day_text(day)}T{_second_text(second)}{decimals}Z"


def midnight_text(moment: int) -> str:
    """A business date: the calendar date with a midnight that is marked Z."""
    return f"{day_text(moment // DAY)}T00:00:00Z"


@lru_cache(maxsize=10_000)
def day_text(day: int) -> str:
    """The ISO date of a day counted from 0001-01-01 = 0."""
    return date.fromordinal(day + 1).isoformat()


@lru_cache(maxsize=86_400)
def _second_text(second: int) -> str:
    return f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"


def ticks(value: str) -> int:
    """The ticks of an ISO 8601 text; one without a zone is UTC, digits after the 7th are dropped.

    Raises ValueError for anything else.
    """
    match = _TIMESTAMP.fullmatch(value.strip())
    if match is None:
        raise ValueError(f"not a date-time: {value!r}")
    year, month, day, hour, minute, second, fraction, sign, zone_hours, zone_minutes = match.groups()
    clock = [int(part or 0) for part in (hour, minute, second)]
    if clock[0] > 23 or clock[1] > 59 or clock[2] > 59:
        raise ValueError(f"not a time of day: {value!r}")
    moment = (date(int(year), int(month), int(day)).toordinal() - 1) * DAY
    moment += clock[0] * HOUR + clock[1] * MINUTE + clock[2] * SECOND + int((fraction or "0")[:7].ljust(7, "0"))
    offset = int(zone_hours or 0) * HOUR + int(zone_minutes or 0) * MINUTE
    return moment + offset if sign == "-" else moment - offset


class Clock:
    """The server's clock: the machine's, shifted by `offset` seconds."""

    def __init__(self) -> None:
        self.offset = 0.0

    def now(self) -> int:
        """Ticks."""
        return UNIX_EPOCH + time.time_ns() // 100 + int(self.offset * SECOND)

    def http_date(self) -> str:
        """The value of a Date header."""
        return formatdate(time.time() + self.offset, usegmt=True)


def today() -> int:
    """The last midnight in UTC."""
    return UNIX_EPOCH + time.time_ns() // 100 // DAY * DAY

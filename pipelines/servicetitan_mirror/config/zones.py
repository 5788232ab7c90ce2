"""Time zones: the tenant's own, by its IANA name, and what a time of day is in it.

ServiceTitan counts by the days of this zone, and does not name it in its API.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, available_timezones

from servicetitan_mirror.clock import UTC
from servicetitan_mirror.config.checks import Near, cleaned

SPOKEN = {
    "eastern": "America/New_York",
    "central": "America/Chicago",
    "mountain": "America/Denver",
    "pacific": "America/Los_Angeles",
    "alaska": "America/Anchorage",
    "hawaii": "Pacific/Honolulu",
    "atlantic": "America/Halifax",
}  # as those call them who live there
SHORT = {
    "e": "eastern",
    "c": "central",
    "m": "mountain",
    "p": "pacific",
    "ak": "alaska",
    "h": "hawaii",
    "a": "atlantic",
}
UNIVERSAL = ("UTC", "Etc/UTC")
MOST = 3  # near names that are listed


@dataclass(frozen=True)
class Zone:
    """The name of a place's time zone, or UTC. EST and its kind are none: they know no summer time."""

    allowed: str = "the IANA name of the tenant's time zone, like America/Chicago"

    def read(self, value: object) -> str:
        """The name."""
        name = cleaned(value) if isinstance(value, str) else ""
        known = [each for each in sorted(available_timezones()) if "/" in each and not each.startswith("Etc/")]
        if name in (*known, *UNIVERSAL):
            return name
        if near := _near(name.lower(), [*known, *UNIVERSAL]):
            raise Near(f"near that are {', '.join(near)}." if len(near) > 1 else f"do you mean {near[0]}?")
        raise ValueError


def zone_of(name: str | None) -> tzinfo:
    """The zone of this name; UTC for none, and for one that this machine does not know."""
    try:
        return ZoneInfo(name) if name else UTC
    except (KeyError, OSError, ValueError):
        return UTC


def first_instant(day: date, at: time, zone: tzinfo) -> datetime:
    """When a time of day is reached on a day, in UTC.

    One that the clock shows twice, when it is put back, is reached the first time; one that it leaves out, when it is
    put forward, is reached by as much later.
    """
    return datetime.combine(day, at, zone).astimezone(UTC)


def earliest_instant(local: datetime, zone: tzinfo) -> datetime:
    """The earliest instant, in UTC, that a time without a zone may mean."""
    there = datetime.combine(local.date(), local.time(), zone)  # pendulum's would lose the zone when it is copied
    return min(there.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


def _near(name: str, known: list[str]) -> list[str]:
    """The known names that are meant by it, or are written much like it, or whose places are."""
    by_name = {each.lower(): each for each in known}
    if name in by_name:
        return [by_name[name]]
    short = re.fullmatch(r"(ak|[ecmpha])[sd]?t(\d.*)?", name)
    words = [SHORT[short[1]]] if short else re.split(r"[\W_]+", name)
    spoken = [SPOKEN[word] for word in words if word in SPOKEN] or _at_offset(name)
    by_place = {each.rpartition("/")[2]: full for each, full in by_name.items()}
    place = re.sub(r"[\s-]+", "_", name.rpartition("/")[2])
    alike = [by_name[each] for each in difflib.get_close_matches(name, by_name, MOST, 0.7)]
    of_places = [by_place[each] for each in difflib.get_close_matches(place, by_place, MOST, 0.7)]
    return [*dict.fromkeys(spoken or (*alike, *of_places))][:MOST]


def _at_offset(name: str) -> list[str]:
    """The places whose clocks are off UTC by as much as this says, like utc-5: first those that are in winter."""
    written = re.fullmatch(r"(etc/)?(?:utc|gmt)? *([+-]\d{1,2})(?::?00)?", name)
    if not written:
        return []
    offset = timedelta(hours=int(written[2]) * (-1 if written[1] else 1))  # Etc/GMT+5 is UTC-5
    days = [datetime(2026, month, 1) for month in (1, 7)]
    return [place for day in days for place in SPOKEN.values() if ZoneInfo(place).utcoffset(day) == offset]

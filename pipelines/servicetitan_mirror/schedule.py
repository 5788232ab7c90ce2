"""When the nightly sync is due: once for each day of the tenant's own clock, whatever that clock does in the night."""

from __future__ import annotations

import warnings
from datetime import datetime, time, timedelta, tzinfo

import pendulum
from apscheduler.triggers.base import BaseTrigger
from pendulum.tz.local_timezone import get_local_timezone

from servicetitan_mirror.config.zones import first_instant

DAY = timedelta(days=1)


class Nightly(BaseTrigger):  # type: ignore[misc]
    """Fires each day when the clock of a zone reaches a time.

    APScheduler's own trigger stands still at a time that the clock shows twice: it takes the second one for the next
    after itself.
    """

    def __init__(self, at: time, zone: tzinfo) -> None:
        self._at = at
        self._zone = zone

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """The first moment after the previous one, in UTC; without any, from now on."""
        after = previous_fire_time or now - timedelta.resolution
        day = after.astimezone(self._zone).date() - DAY
        while (due := first_instant(day, self._at, self._zone)) <= after:
            day += DAY
        return due


def machines_zone() -> tzinfo:
    """The machine's time zone, `TZ` before all; UTC where nobody can tell."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return get_local_timezone()
        except (ValueError, OSError, RuntimeError):
            return pendulum.UTC

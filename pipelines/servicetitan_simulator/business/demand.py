"""When the telephone rings: growth over the years, summer and winter peaks, few calls at the week-end."""

from __future__ import annotations

from datetime import date
from itertools import accumulate

from .. import clock
from ..dice import Dice

YEARS = 4
_MONTHS = (1.25, 1.1, 0.85, 0.8, 0.95, 1.35, 1.6, 1.55, 1.1, 0.8, 0.9, 1.2)
_WEEKDAYS = (1.25, 1.1, 1.0, 1.0, 1.1, 0.45, 0.2)
_GROWTH_PER_YEAR = 0.3
SUMMER, WINTER = (5, 6, 7, 8, 9), (11, 12, 1, 2)


def calls(dice: Dice, count: int, now: int) -> list[int]:
    """The ticks of `count` calls in the years before `now`, oldest first, all in office hours (UTC-6)."""
    last = now // clock.DAY
    days = range(last - 365 * YEARS, last)
    weights = list(accumulate(_weight(day, days.start) for day in days))
    moments = (
        day * clock.DAY + dice.between(13 * clock.HOUR, 23 * clock.HOUR)
        for day in dice.choices(days, cum_weights=weights, k=count)
    )
    return sorted(moments)


def _weight(day: int, first: int) -> float:
    when = date.fromordinal(day + 1)
    growth = 1 + _GROWTH_PER_YEAR * (day - first) / 365
    return growth * _MONTHS[when.month - 1] * _WEEKDAYS[when.weekday()]


def month_of(moment: int) -> int:
    """1 to 12."""
    return date.fromordinal(moment // clock.DAY + 1).month


def in_season(season: str, month: int) -> bool:
    """Whether a job type of this season ("summer", "winter" or "" for all year) is asked for in the month."""
    return month in {"summer": SUMMER, "winter": WINTER}.get(season, (month,))

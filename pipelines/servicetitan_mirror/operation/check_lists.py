"""ServiceTitan's side of a check: token, lists, clock, rate limit."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from servicetitan_mirror.config.reading import variable
from servicetitan_mirror.config.settings import Settings
from servicetitan_mirror.errors import MirrorError, RefusedError
from servicetitan_mirror.operation.check_line import Colour, Line, red
from servicetitan_mirror.operation.probes import Probe, Prober
from servicetitan_mirror.operation.wording import duration, many
from servicetitan_mirror.reading.task import tasks_of

CYCLE = 300  # seconds from one sync to the next
APART = 30  # seconds between two clocks that are worth a word


def check_lists(settings: Settings) -> tuple[list[Line], list[Probe]]:
    """The lines, and what each chosen list told; nothing of the lists where no token came."""
    prober = Prober(settings)
    try:
        seconds = prober.log_in()
    except MirrorError as error:
        return [red("token", error)], []
    token = Line("token", "green", f"obtained in {seconds:.1f} s")
    tasks = tasks_of(settings.chosen)
    try:
        probes = prober.probe(tasks)
    except MirrorError as error:
        return [token, red("lists", error)], []
    lines = [*_lists(probes), *_clock(probes), rate_limit(settings, probes)]
    return [token, *lines], probes


def pages(records: Iterable[int | None], page_size: int) -> int:
    """How many calls it takes to read lists of so many records; one where nobody knows."""
    return sum(max(1, math.ceil((count or 0) / page_size)) for count in records)


def _lists(probes: Sequence[Probe]) -> list[Line]:
    failed = [probe for probe in probes if probe.error]
    if len(failed) == len(probes) and all(isinstance(probe.error, RefusedError) for probe in failed):
        return [red("lists", failed[0].error)]
    records = sum(probe.total or 0 for probe in probes)
    readable = f"{len(probes) - len(failed)} of {many(len(probes), 'list')} can be read: {many(records, 'record')}"
    return [
        Line("lists", "yellow" if failed else "green", readable),
        *(_unreadable(probe) for probe in failed),
        *(Line("list", "yellow", f"{probe.task.name}: {note}") for probe in probes for note in probe.notes),
    ]


def _unreadable(probe: Probe) -> Line:
    sentence, _, advice = str(probe.error).partition(". ")
    return Line("list", "red", f"{probe.task.name}: {sentence.rstrip('.')}", advice)


def _clock(probes: Sequence[Probe]) -> list[Line]:
    told = [probe.ahead for probe in probes if not probe.error]
    if not told:
        return []
    ahead = min(told, key=abs)
    if abs(ahead) <= APART:
        return [Line("clock", "green", "agrees with ServiceTitan's")]
    where = "behind" if ahead > 0 else "ahead of"
    sentence = f"this machine's clock is {duration(abs(ahead))} {where} ServiceTitan's; nothing is lost by it"
    again = ", but each sync reads that much again" if ahead > 0 else ", but the log's times are wrong"
    return [Line("clock", "yellow", sentence + again, "Let the machine set its clock by NTP.")]


def rate_limit(settings: Settings, probes: Sequence[Probe]) -> Line:
    """Whether the limit leaves room for a sync every five minutes, and for a full one within its time."""
    calls, rate = len(probes), settings.requests_per_second
    full = pages((probe.total for probe in probes), settings.page_size)
    idle_seconds, full_seconds = calls / rate, full / rate
    sentence = (
        f"at {rate:g} calls a second, the {many(calls, 'call')} of a sync without changes take "
        f"{duration(math.ceil(idle_seconds))} of {duration(CYCLE)}, the {many(full, 'call')} of a full one "
        f"{duration(math.ceil(full_seconds))}"
    )
    ends_early = bool(settings.run_limit) and full_seconds > settings.run_limit
    colour: Colour = "red" if idle_seconds > CYCLE else "yellow" if idle_seconds > CYCLE / 2 or ends_early else "green"
    advice = f"Raise {variable('requests_per_second')}, or choose fewer lists: {variable('only')}."
    return Line("rate limit", colour, sentence, "" if colour == "green" else advice)

"""What was seen, for people: one HTML document with everything in it.

What is wrong has numbers, as revisions of a drawing have: the same triangle stands in the list and at the table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from servicetitan_mirror.clock import UTC
from servicetitan_mirror.config.zones import zone_of
from servicetitan_mirror.operation.health import Condition
from servicetitan_mirror.operation.states import ModuleState, table_of
from servicetitan_mirror.operation.wording import duration, plain
from servicetitan_mirror.places import HERE
from servicetitan_mirror.report.page import SHEET, digest
from servicetitan_mirror.web import chart
from servicetitan_mirror.web.watch import Answer, Tenant

EVERY = 15  # seconds between two looks of the page
SLOWEST = 5
_FOLDER = HERE / "web"
_STYLE = SHEET + (_FOLDER / "page.css").read_text(encoding="utf-8")
_SCRIPT = (_FOLDER / "page.js").read_text(encoding="utf-8")

POLICY = (
    f"default-src 'none'; style-src {digest(_STYLE)}; script-src {digest(_SCRIPT)}; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@dataclass
class Remark:
    """Something that is wrong, with all that it is wrong with; `number` is that of its triangle."""

    number: int
    sentence: str
    grave: bool
    since: datetime | None
    subjects: list[str] = field(default_factory=list)


def render(answer: Answer, place: str, max_age: timedelta) -> str:
    """The page. Says so where the database cannot be seen, with what was seen last below it."""
    now = answer.seen.at if answer.seen and not answer.trouble else datetime.now(UTC)
    return (
        _environment(now)
        .get_template("page.html")
        .render(
            answer=answer,
            place=place,
            max_age=max_age,
            style=_STYLE,
            script=_SCRIPT,
            every=EVERY,
            now=now,
        )
    )


def remarks(conditions: Sequence[Condition]) -> list[Remark]:
    """The conditions, those with the same sentence as one, the grave ones first."""
    found: dict[tuple[bool, str], Remark] = {}
    for one in sorted(conditions, key=lambda one: not one.stops_data):
        key = (one.stops_data, plain(one.sentence))
        remark = found.setdefault(key, Remark(len(found) + 1, key[1], one.stops_data, one.since))
        remark.subjects.append(one.subject)
        remark.since = min((moment for moment in (remark.since, one.since) if moment), default=None)
    return [*found.values()]


def at_table(found: Sequence[Remark], table: str) -> list[Remark]:
    """The remarks that concern a table: itself, or a module that fills it."""
    return [remark for remark in found if table in map(table_of, remark.subjects)]


def verdict(tenant: Tenant) -> str:
    """The tenant in one sentence."""
    grave = [remark for remark in remarks(tenant.state.conditions) if remark.grave]
    if grave:
        return "One thing is wrong" if len(grave) == 1 else f"{len(grave)} things are wrong"
    return "Data arrives; some records need mending" if tenant.state.conditions else "All is well"


def slowest(modules: Sequence[ModuleState]) -> list[tuple[str, float]]:
    """The modules that took longest the last time, with their seconds."""
    took = [(one.module, (one.completed_at - one.started_at).total_seconds()) for one in modules if one.completed_at]
    return sorted(took, key=lambda one: -one[1])[:SLOWEST]


def _environment(now: datetime) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "remarks": remarks,
        "at_table": at_table,
        "verdict": verdict,
        "line": chart.line,
        "bars": chart.bars,
        "share": chart.share,
        "slowest": slowest,
    }
    filters: dict[str, Callable[..., object]] = {
        "number": number,
        "span": span,
        "since": lambda moment: span(max(now - moment, timedelta())),
        "clock": clock,
        "day": day,
        "iso": iso,
        "plain": plain,
    }
    environment.filters |= filters
    return environment


def number(count: int | None) -> str:
    """`1,000`; `?` where this user may not see it."""
    return "?" if count is None else f"{count:,}"


def span(length: timedelta | float) -> str:
    """A length of time, as a timedelta or in seconds."""
    return duration(length.total_seconds() if isinstance(length, timedelta) else length)


def clock(moment: datetime, zone: str | None = None) -> str:
    """`2026-01-31 06:00`, in a time zone."""
    return f"{moment.astimezone(zone_of(zone)):%Y-%m-%d %H:%M}"


def day(moment: datetime, zone: str | None = None) -> str:
    """`31 Jan 06:00`, in a time zone."""
    local = moment.astimezone(zone_of(zone))
    return f"{local.day} {local:%b %H:%M}"


def iso(moment: datetime) -> str:
    """The moment for programs."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")

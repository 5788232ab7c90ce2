"""What a sync leaves on the screen: the closing table, or JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

from rich.console import Console, Group

from servicetitan_mirror.operation.wording import together
from servicetitan_mirror.raw.outcomes import Outcome
from servicetitan_mirror.terminal.screen import Column, table

COUNTS = ("fetched", "created", "updated", "unchanged", "deleted", "failed")
COLUMNS = (
    Column("module", text=True),
    Column("type", text=True, spare=6),
    Column("fetched", spare=1),
    Column("created", spare=5),
    Column("updated", spare=4),
    Column("unchanged", spare=7),
    Column("deleted", spare=2),
    Column("failed"),
    Column("seconds", spare=3),
    Column("status", text=True),
)


def closing_table(screen: Console, outcomes: Sequence[Outcome]) -> Group:
    """One row per module, and the totals."""
    rows = [
        [outcome.entity.name, outcome.sync_type, *_counts([outcome]), f"{outcome.seconds:.1f}", outcome.status]
        for outcome in outcomes
    ]
    styles = ["red" if outcome.status == "failed" else "" for outcome in outcomes]
    return table(screen, COLUMNS, [*rows, ["all", "", *_counts(outcomes), "", ""]], styles=[*styles, "bold"])


def print_outcomes(screen: Console, outcomes: Sequence[Outcome]) -> None:
    """The closing table, and below it what went wrong in red and what was done differently in yellow."""
    screen.print(closing_table(screen, outcomes))
    for style, said in (("red", errors(outcomes)), ("yellow", notes(outcomes))):
        for line in together(said, len(outcomes)):
            screen.print(line, style=style, soft_wrap=True)


def errors(outcomes: Sequence[Outcome]) -> list[tuple[str, str]]:
    """What kept modules from being completed: each module with each of its sentences."""
    return [
        (outcome.entity.name, message)
        for outcome in outcomes
        if outcome.status == "failed"
        for message in _messages(outcome)
    ]


def notes(outcomes: Sequence[Outcome]) -> list[tuple[str, str]]:
    """What completed modules did differently: each module with each of its sentences."""
    return [
        (outcome.entity.name, message)
        for outcome in outcomes
        if outcome.status != "failed"
        for message in dict.fromkeys(outcome.details.values())
    ]


def sentence(outcome: Outcome) -> str:
    """`customers (full): 5,000 fetched, 5,000 created, 3.2 s`, with the counts that are not 0.

    A module whose table is not built yet has no seconds.
    """
    counts = [f"{getattr(outcome, count):,} {count}" for count in COUNTS if getattr(outcome, count)]
    seconds = [f"{outcome.seconds:.1f} s"] if outcome.seconds else []
    said = [", ".join([*counts, *seconds]), outcome.error or ""]
    return f"{outcome.entity.name} ({outcome.sync_type}): {'; '.join(filter(None, said)) or 'nothing new'}"


def as_json(outcomes: Sequence[Outcome], seconds: float) -> str:
    """The outcomes for a program."""
    modules = [
        {
            "module": outcome.entity.name,
            **{key: value for key, value in vars(outcome).items() if key != "entity"},
            "notes": [message for _, message in notes([outcome])],
        }
        for outcome in outcomes
    ]
    return json.dumps({"seconds": round(seconds, 3), "modules": modules}, default=str, indent=2)


def _messages(outcome: Outcome) -> list[str]:
    details = [*dict.fromkeys(outcome.details.values())]
    error = outcome.error or ""
    return details if any(error in detail for detail in details) else [*details, error]


def _counts(outcomes: Sequence[Outcome]) -> list[str]:
    return [f"{sum(getattr(outcome, count) for outcome in outcomes):,}" for count in COUNTS]

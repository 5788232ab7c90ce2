"""What a sync leaves on the screen: the closing table, or JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from servicetitan_mirror.log import Outcome

COUNTS = ("fetched", "created", "updated", "unchanged", "deleted", "failed")


def closing_table(outcomes: Sequence[Outcome]) -> Table:
    """One row per module, and the totals."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("module")
    table.add_column("type")
    for count in (*COUNTS, "seconds"):
        table.add_column(count, justify="right")
    table.add_column("status")
    for outcome in outcomes:
        style = "red" if outcome.status == "failed" else None
        counts = (f"{getattr(outcome, count):,}" for count in COUNTS)
        table.add_row(
            outcome.entity.name, outcome.sync_type, *counts, f"{outcome.seconds:.1f}", outcome.status, style=style
        )
    table.add_section()
    totals = (f"{sum(getattr(outcome, count) for outcome in outcomes):,}" for count in COUNTS)
    table.add_row("all", "", *totals, "", "", style="bold")
    return table


def print_outcomes(console: Console, outcomes: Sequence[Outcome]) -> None:
    """The closing table, and below it what went wrong."""
    console.print(closing_table(outcomes))
    for outcome in outcomes:
        for message in dict.fromkeys([*outcome.details.values(), outcome.error]):
            if message:
                console.print(f"{outcome.entity.name}: {message}", style="red", highlight=False, soft_wrap=True)


def sentence(outcome: Outcome) -> str:
    """`customers (full): 5,000 fetched, 5,000 created, 3.2 s`, with the counts that are not 0."""
    counts = [f"{getattr(outcome, count):,} {count}" for count in COUNTS if getattr(outcome, count)]
    error = f"; {outcome.error}" if outcome.error else ""
    return f"{outcome.entity.name} ({outcome.sync_type}): {', '.join([*counts, f'{outcome.seconds:.1f} s'])}{error}"


def as_json(outcomes: Sequence[Outcome], seconds: float) -> str:
    """The outcomes for a program."""
    modules = [
        {"module": outcome.entity.name, **{key: value for key, value in vars(outcome).items() if key != "entity"}}
        for outcome in outcomes
    ]
    return json.dumps({"seconds": round(seconds, 3), "modules": modules}, default=str, indent=2)

"""Figures, bars, and how they are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """Something measured once or more often; `bar` is the most that its median may be, None without one.

    A bar that is not `judged` is one of larger tenants: in a small one what every sync costs weighs more.
    Units: s, MB (1,000,000 bytes), /s, %, × (a ratio), or none for a count.
    """

    name: str
    unit: str
    values: tuple[float, ...]
    bar: float | None = None
    judged: bool = True

    @property
    def median(self) -> float:
        """The middle of the values."""
        return median(self.values)

    @property
    def met(self) -> bool | None:
        """Whether the bar is met; None without a bar that is judged."""
        return None if self.bar is None or not self.judged else self.median <= self.bar

    def as_json(self) -> dict[str, Any]:
        """All that is known of it."""
        return {**vars(self), "median": self.median, "met": self.met}


@dataclass(frozen=True)
class Part:
    """The figures of one tenant or question."""

    title: str
    figures: tuple[Figure, ...]

    def as_json(self) -> dict[str, Any]:
        """Title and figures."""
        return {"title": self.title, "figures": [figure.as_json() for figure in self.figures]}


def print_part(console: Console, part: Part) -> None:
    """One row per figure: its least, middle and greatest value, its bar, and whether it was met."""
    table = Table(box=None, pad_edge=False, title=part.title, title_justify="left", header_style="dim")
    table.add_column("figure", min_width=46)
    for column in ("min", "median", "max", "bar"):
        table.add_column(column, justify="right", min_width=9)
    table.add_column("")
    for figure in part.figures:
        least, greatest = (min(figure.values), max(figure.values)) if len(figure.values) > 1 else (None, None)
        shown = (_shown(value, figure.unit) for value in (least, figure.median, greatest, figure.bar))
        table.add_row(figure.name, *shown, _verdict(figure))
    console.print(table)
    console.print()


def print_verdict(console: Console, parts: Iterable[Part]) -> bool:
    """How many bars are met, and which are not; returns whether all are."""
    barred = [(part, figure) for part in parts for figure in part.figures if figure.bar is not None]
    judged = [(part, figure) for part, figure in barred if figure.judged]
    missed = [(part, figure) for part, figure in judged if not figure.met]
    left = f", {len(barred) - len(judged)} not judged: they are set for larger tenants" if barred != judged else ""
    console.print(f"{len(judged) - len(missed)} of {len(judged)} bars met{left}", highlight=False)
    for part, figure in missed:
        measured = f"{_shown(figure.median, figure.unit)}, at most {_shown(figure.bar, figure.unit)}"
        console.print(
            f"  not met: {figure.name} is {measured} ({part.title})", style="red", highlight=False, soft_wrap=True
        )
    return not missed


def _verdict(figure: Figure) -> str:
    if figure.bar is not None and not figure.judged:
        return "not judged"
    return {True: "[green]met[/]", False: "[red]not met[/]", None: ""}[figure.met]


def _shown(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    digits = 2 if unit in ("s", "×", "%") else 1 if unit == "MB" and value < 100 else 0
    return f"{value:,.{digits}f} {unit}".rstrip()

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

    Units: s, MB (1,000,000 bytes), /s, %, × (a ratio), or none for a count.
    """

    name: str
    unit: str
    values: tuple[float, ...]
    bar: float | None = None

    @property
    def median(self) -> float:
        """The middle of the values."""
        return median(self.values)

    @property
    def met(self) -> bool | None:
        """Whether the bar is met; None without a bar."""
        return None if self.bar is None else self.median <= self.bar

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


def print_verdict(console: Console, parts: Iterable[Part]) -> None:
    """How many bars are met, and which are not."""
    judged = [(part, figure) for part in parts for figure in part.figures if figure.bar is not None]
    console.print(f"{sum(bool(figure.met) for _, figure in judged)} of {len(judged)} bars met")
    for part, figure in judged:
        if not figure.met:
            console.print(f"  not met: {figure.name} ({part.title})", style="red", highlight=False)


def _verdict(figure: Figure) -> str:
    return {True: "[green]met[/]", False: "[red]not met[/]", None: ""}[figure.met]


def _shown(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    digits = 2 if unit in ("s", "×", "%") else 1 if unit == "MB" and value < 100 else 0
    return f"{value:,.{digits}f} {unit}".rstrip()

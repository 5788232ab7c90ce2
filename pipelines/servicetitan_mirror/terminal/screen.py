"""Terminals: a console for a stream, tables that fit it, and how things are said.

On a terminal a table is as wide as the terminal allows: the columns that matter least are left out, and named below it;
what is left of long texts is folded. A pipe or a file gets every column and whole lines. Texts come from ServiceTitan
and PostgreSQL, so none is taken for markup or control codes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TextIO

from rich.cells import cell_len
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

WIDE = 1_000  # columns where there is no terminal: nothing is cut or folded there


@dataclass(frozen=True)
class Column:
    """A column: text or a number. The one with the greatest `spare` is left out first, one with 0 never."""

    name: str
    text: bool = False
    spare: int = 0


def console(stream: TextIO, width: int | None = None) -> Console:
    """A console as wide as the terminal behind `stream`; where there is none, no line is ever cut."""
    width = width or (None if stream.isatty() else WIDE)
    return Console(file=stream, width=width, markup=False, emoji=False, highlight=False)


def plain(text: str) -> str:
    """The text on one line, without control codes."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", "\ufffd", re.sub(r"\s+", " ", text))


def table(
    screen: Console,
    columns: Sequence[Column],
    rows: Iterable[Sequence[str]],
    title: str = "",
    styles: Sequence[str] = (),
) -> Group:
    """The rows as they fit on the screen, below a title; `styles` are those of the rows ("red")."""
    cells = [[plain(cell) for cell in row] for row in rows]
    widths = [max(map(cell_len, texts)) for texts in zip(*[[column.name for column in columns], *cells], strict=True)]
    places, gap = _fitting(columns, widths, screen.width)
    drawn = Table(box=None, pad_edge=False, padding=(0, 0, 0, gap), header_style="bold")
    for place in places:
        column = columns[place]
        drawn.add_column(
            column.name,
            justify="left" if column.text else "right",
            no_wrap=not column.text,
            overflow="fold",
            min_width=cell_len(column.name),
        )
    for row, style in zip(cells, [*styles, *[""] * (len(cells) - len(styles))], strict=True):
        drawn.add_row(*(row[place] for place in places), style=style)
    left_out = ", ".join(column.name for place, column in enumerate(columns) if place not in places)
    parts = [Text(title, style="bold")] if title else []
    return Group(*parts, drawn, *([Text(f"not shown: {left_out}", style="dim")] if left_out else []))


def _fitting(columns: Sequence[Column], widths: Sequence[int], width: int) -> tuple[list[int], int]:
    """The places of the columns that fit side by side, and the gap between them."""
    places = list(range(len(columns)))
    while True:
        content = sum(widths[place] for place in places)
        for gap in (2, 1):
            if content + gap * (len(places) - 1) <= width:
                return places, gap
        if not (spare := max((columns[place].spare, place) for place in places))[0]:
            return places, 1
        places.remove(spare[1])


def together(said: Iterable[tuple[str, str]], total: int, noun: str = "modules") -> list[str]:
    """One line per sentence, however many of the `total` modules say it: `customers, jobs: the disk is full`."""
    by_message: dict[str, list[str]] = {}
    for name, message in said:
        by_message.setdefault(plain(message), []).append(name)
    return [f"{_named(names, total, noun)}: {message}" for message, names in by_message.items()]


def many(count: int, noun: str) -> str:
    """`1 load`, `2,000 loads`."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def duration(seconds: float) -> str:
    """`59 s`, `119 min`, `47 h`, `2 days`: as exact as its reader needs it."""
    for unit, size, limit in (("s", 1, 120), ("min", 60, 120), ("h", 3600, 48)):
        if seconds < size * limit:
            return f"{seconds // size:.0f} {unit}"
    return f"{seconds // 86400:,.0f} days"


def _named(names: Sequence[str], total: int, noun: str) -> str:
    if len(names) <= 3:
        return ", ".join(names)
    return f"all {total} {noun}" if len(names) == total else f"{len(names)} {noun} ({', '.join(names)})"

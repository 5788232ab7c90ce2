"""Terminals: a console for a stream, and tables that fit it.

On a terminal a table is as wide as the terminal allows: the columns that matter least are left out, and named below it;
what is left of long texts is folded. A pipe or a file gets every column and whole lines. Texts come from ServiceTitan
and PostgreSQL, so none is taken for markup or control codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TextIO

from rich.cells import cell_len
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from servicetitan_mirror.operation.wording import plain

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

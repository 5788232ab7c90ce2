"""Which report a file is, and its figures by what they are of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.exported.kinds import KINDS, Kind

TOTALS = ("", "total", "totals", "grandtotal", "all", "overall", "summary")
FIRST = 30  # lines within which the headings stand; a title and filters may stand above them


Line = tuple[str, dict[str, Decimal]]  # a name, and its figures


@dataclass(frozen=True)
class Exported:
    """A report as it was exported: its lines by their simple names; `ignored` are headings of no known figure."""

    kind: Kind
    lines: dict[str, Line]
    ignored: list[str]


def exported(rows: Sequence[Sequence[str]], named: Mapping[str, str]) -> Exported:
    """The report that is in the rows of a sheet; `named` are headings of the user's own, by figure.

    Lines of the same name are summed, such that only sum up others are left out.

    Raises:
        ConfigurationError: no known report has such headings, or a figure is not a number.
    """
    found = [
        (len(columns), -place, kind, columns)
        for place, row in enumerate(rows[:FIRST])
        for kind in KINDS
        if (columns := _columns(kind, row, named)) and len(columns) > 1
    ]
    if not found:
        known = "; ".join(f"{kind.title} ({kind.of[0]}, {', '.join(kind.figures)})" for kind in KINDS)
        raise ConfigurationError(f"No headings of a known report are in it: {known}. Name others with --column.")
    _, place, kind, columns = max(found, key=lambda one: one[:2])
    lines: dict[str, Line] = {}
    for row in rows[1 - place :]:
        cells = {figure: row[column] if column < len(row) else "" for figure, column in columns.items()}
        name = cells.pop("name")
        if simple(name) in TOTALS:
            continue
        _, line = lines.setdefault(simple(name), (name, {}))
        for figure, text in cells.items():
            line[figure] = line.get(figure, Decimal(0)) + amount(text, name)
    used = set(columns.values())
    return Exported(kind, lines, [text for column, text in enumerate(rows[-place]) if text and column not in used])


def amount(text: str, where: str) -> Decimal:
    """`$1,234.50`, `(12.00)` for less than zero, `-` for nothing."""
    bare = re.sub(r"[\s$,]|USD|CAD|AUD", "", text)
    negative = re.fullmatch(r"\((.*)\)", bare)
    try:
        value = Decimal((negative[1] if negative else bare) if bare.strip("-–—") else "0")
    except InvalidOperation:
        raise ConfigurationError(f"{text!r}, in the line of {where!r}, is not a number.") from None
    if not value.is_finite():
        raise ConfigurationError(f"{text!r}, in the line of {where!r}, is not a number.")
    return -value if negative else value


def simple(text: str) -> str:
    """Small letters and digits, by which headings and names are the same."""
    return re.sub(r"[\W_]+", "", text.casefold())


def _columns(kind: Kind, headings: Sequence[str], named: Mapping[str, str]) -> dict[str, int]:
    """The column of each figure that a line of headings has, with `name` for what the lines are of; else none."""
    at = {simple(heading): column for column, heading in reversed([*enumerate(headings)]) if heading}
    wanted = {"name": kind.of, **kind.figures}
    wanted = {figure: (simple(named[figure]),) if figure in named else known for figure, known in wanted.items()}
    found = {figure: next((at[one] for one in known if one in at), None) for figure, known in wanted.items()}
    columns = {figure: column for figure, column in found.items() if column is not None}
    return columns if "name" in columns else {}

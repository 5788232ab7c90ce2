"""The differences between an exported report and the marts, and the records that may be behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from psycopg2.extensions import connection as Connection

from servicetitan_mirror.exported.kinds import Kind
from servicetitan_mirror.exported.reading import Exported, Line, simple
from servicetitan_mirror.postgres.warehouse import query

MOST = 8  # records that are named for a line


@dataclass(frozen=True)
class Period:
    """The days that the report is of, both included; for a report of one day both are that."""

    first: date
    last: date


@dataclass(frozen=True)
class Difference:
    """A figure of a line that is not the same; `theirs` is what the report says, None where it has no such line."""

    name: str
    figure: str
    theirs: Decimal | None
    ours: Decimal | None

    @property
    def by(self) -> Decimal:
        """What the mirror has more."""
        return (self.ours or Decimal(0)) - (self.theirs or Decimal(0))


@dataclass(frozen=True)
class Record:
    """A record that may be behind a difference, what it adds to the line's main figure, and why it is named."""

    record: str
    day: date | None
    amount: Decimal
    why: str


@dataclass(frozen=True)
class Compared:
    """`figures` were compared; `records` are those behind the differences, by the line's name."""

    figures: int
    differences: list[Difference]
    records: dict[str, list[Record]]


def compare(connection: Connection, tenant_id: int, report: Exported, period: Period, tolerance: Decimal) -> Compared:
    """Hold each line of the report against the mart, by name; up to `tolerance` is the same."""
    kind, values = report.kind, {"tenant": tenant_id, "first": period.first, "last": period.last}
    told = {figure for _, line in report.lines.values() for figure in line}
    figures = [figure for figure in kind.figures if figure in told]
    theirs, ours = report.lines, _summed(connection, kind, values)
    names = {key: name for key, (name, _) in (ours | theirs).items()}
    differences = [
        difference
        for key in sorted(names)
        for figure in figures
        if abs((difference := _difference(names[key], figure, theirs.get(key), ours.get(key))).by) > tolerance
    ]
    records = query(connection, kind.sql("records"), values) if differences else []
    return Compared(len(names) * len(figures), differences, _behind(records, differences, kind, period, tolerance))


def _summed(connection: Connection, kind: Kind, values: Mapping[str, object]) -> dict[str, Line]:
    """The mart's lines by their simple names; such that are the same by it, as one."""
    summed: dict[str, Line] = {}
    columns = ("name", *kind.figures)
    for row in query(connection, kind.sql(), values):
        line = dict(zip(columns, row, strict=True))
        name = str(line.pop("name"))
        _, figures = summed.setdefault(simple(name), (name, {}))
        for figure, value in line.items():
            figures[figure] = figures.get(figure, Decimal(0)) + Decimal(value or 0)
    return summed


def _difference(name: str, figure: str, theirs: Line | None, ours: Line | None) -> Difference:
    return Difference(name, figure, *(line and line[1].get(figure, Decimal(0)) for line in (theirs, ours)))


def _behind(
    rows: Sequence[tuple[str, str, date | None, Decimal]],
    differences: Sequence[Difference],
    kind: Kind,
    period: Period,
    tolerance: Decimal,
) -> dict[str, list[Record]]:
    """The records of each line that differs: of its main figure's difference, else of the first."""
    first_of = {one.name: one for one in reversed(differences)}
    main = next(iter(kind.figures))
    wanted = first_of | {one.name: one for one in differences if one.figure == main}
    found: dict[str, list[Record]] = {}
    for name, difference in wanted.items():
        own = [row for row in rows if simple(row[0]) == simple(name)]
        records = [_ranked(row, difference.by, period, tolerance) for row in own]
        found[name] = [record for _, record in sorted(records, key=lambda one: (one[0], -abs(one[1].amount)))[:MOST]]
    return found


def _ranked(
    row: tuple[str, str, date | None, Decimal], by: Decimal, period: Period, tolerance: Decimal
) -> tuple[int, Record]:
    _, record, day, amount = row
    is_after = day is not None and day > period.last
    is_before = day is not None and day < period.first and period.first != period.last
    reasons = (
        (abs(abs(amount) - abs(by)) <= tolerance, "as much as the difference"),
        (is_after, "of the day after, not counted here"),
        (is_before, "of the day before, not counted here"),
        (day in (period.first, period.last), "of the first or last day"),
    )
    rank = next((place for place, (holds, _) in enumerate(reasons) if holds), len(reasons))
    return rank, Record(record, day, amount, reasons[rank][1] if rank < len(reasons) else "counted here")

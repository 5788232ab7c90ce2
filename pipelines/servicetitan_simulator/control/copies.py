"""A further record of a list that nobody makes one by one: like its last one, with a key of its own."""

from __future__ import annotations

from .. import clock
from ..business.company import Company
from ..store import Row, Table


def copy(company: Company, table: Table) -> int:
    """A further business unit, tag type, note and so on: like the last one, with its own key and name."""
    like = next(row for at in reversed(range(len(table))) if (row := table.readable(at)))
    record_id = max(company.ids.new(), table.ids[-1] + 1)
    row = renamed(company, table, like, record_id)
    if "name" in row:
        row["name"] = f"New {record_id % 1_000}"
    dated = table.form.dated(row)
    if "active" in dated:
        dated["active"] = True
    table.add(record_id, row, company.now, company.now, True)
    return record_id


def renamed(company: Company, table: Table, like: Row, record_id: int) -> Row:
    """The row of a new record that is like another, made now."""
    row, stamp = dict(like), clock.text(company.now)
    if table.form.within in row:
        row[table.form.within] = dict(row[table.form.within])
    table.form.name(row, record_id, company.now)
    dated = table.form.dated(row)
    dated |= {key: stamp for key in ("createdOn", "modifiedOn") if key in dated}
    return row

"""A list's table, filled when it is first asked for; the same seed and the same business give the same bytes.

    Filling(company, seed).table("leads") -> Table
"""

from __future__ import annotations

from collections.abc import Iterable

from .. import clock
from ..business.company import Company
from ..optional import PATHS, form
from ..store import Row, Table
from .books import Books
from .counts import by_types
from .desk import Desk, Made
from .writers import WRITERS


class Filling:
    """Makes the tables of the optional lists out of the business."""

    def __init__(self, company: Company, seed: int) -> None:
        self._company, self._seed = company, seed
        self._books = Books(company.store)
        self._underway: set[str] = set()

    def table(self, name: str) -> Table:
        """The table of an optional list. Raises KeyError for an unknown name, and where two lists need each other."""
        if name not in PATHS or name in self._underway:
            raise KeyError(name)
        self._underway.add(name)
        desk, table = Desk(name, self._company, self._books, self._seed), Table(form=form(name))
        try:
            for number, made in _numbered(desk, WRITERS.get(name, by_types)(desk)):
                _add(desk, table, number, made)
        finally:
            self._underway.discard(name)
        return table


def _numbered(desk: Desk, made: Iterable[Made]) -> list[tuple[int, Made]]:
    """The rows in the order of their numbers; those without one get new ones in the order of time."""
    found = sorted(made, key=lambda each: (bool(each.id), each.created))
    numbered = {each.id or desk.ids.new(): each for each in found}
    return sorted(numbered.items())


def _add(desk: Desk, table: Table, number: int, made: Made) -> None:
    row = desk.blanks.pick(desk) | made.fields
    modified = desk.later(made.created) if made.modified is None else made.modified
    if desk.form.within in row:
        row[desk.form.within] = dict(row[desk.form.within])
    if desk.form.key not in made.fields:
        desk.form.name(row, number, made.created)
    _date(desk, row, made, modified)
    table.add(number, row, made.created, modified, made.active)


def _date(desk: Desk, row: Row, made: Made, modified: int) -> None:
    dated = desk.form.dated(row)
    if "createdOn" in dated:
        dated["createdOn"] = clock.text(made.created)
    if "modifiedOn" in dated:
        dated["modifiedOn"] = clock.text(modified)
    if "active" in dated:
        dated["active"] = made.active

"""What the writer of one list works with: the books, chance of its own, new ids, and rows to start from.

    def notes(desk: Desk) -> Iterator[Made]:
        for job in desk.books.jobs:
            yield Made({"jobId": job.id, "text": "..."}, ticks(job.createdOn))
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .. import clock
from ..business.company import Company
from ..dice import Dice, Ids
from ..form import Form, Row
from ..optional import NAMES, form, specified
from .blanks import Blanks
from .books import Books

FIRST_ID = 1_000_000_000  # ids of optional records, far above those of the others
IDS_A_LIST = 40_000_000


@dataclass
class Made:
    """The facts of one row: the fields that are not left to their types, and when it was made and changed (ticks).

    id: 0 for a new one. active: whether the list shows it by default.
    """

    fields: Row
    created: int
    modified: int | None = None
    id: int = 0
    active: bool = True


class Desk:
    """For the list `name`."""

    def __init__(self, name: str, company: Company, books: Books, seed: int) -> None:
        self.name: str = name
        self.company: Company = company
        self.books: Books = books
        self.dice: Dice = Dice(f"{seed} {name}")
        self.ids: Ids = Ids(self.dice, FIRST_ID + NAMES.index(name) * IDS_A_LIST)
        self.blanks: Blanks = Blanks(specified(name))
        self.form: Form = form(name)

    @property
    def now(self) -> int:
        """Ticks of the end of the made-up history."""
        return self.company.now

    def part(self, path: str, **fields: Any) -> Row:
        """A part of a row with some of its fields said: `part("items[]", quantity=2)`."""
        return self.blanks.pick(self, path) | fields

    def later(self, at: int) -> int:
        """A moment between `at` and now, mostly soon after."""
        return at + int(max(self.now - at, 0) * self.dice.random() ** 4)

    def any_moment(self) -> int:
        """Some moment of the history."""
        return self.dice.between(self.company.founded, self.now)

    def any_id(self, table: str) -> int:
        """The id of a record of a table; 0 while it is empty."""
        ids = self.company.store[table].ids
        return self.dice.pick(ids) if ids else 0

    def rows(self, name: str, holding: bytes = b"") -> list[Row]:
        """The rows of another list, or those whose text holds some bytes."""
        table = self.company.store[name]
        found = (table.readable(at) for at, body in enumerate(table.bodies) if holding in body)
        return [row for row in found if row is not None]

    def reference(self, names: dict[int, str], id: int | None) -> Row | None:
        """`{id, name}`; None where there is no such record."""
        return {"id": id, "name": names[id]} if id in names else None

    def named(self, names: Iterable[str], **fields: Any) -> Iterable[Made]:
        """A reference list's rows, one a name; the last of three and more is inactive."""
        names = [*names]
        for turn, name in enumerate(names):
            active = len(names) < 3 or turn < len(names) - 1
            yield Made({"name": name} | fields, self.founding(), active=active)

    def founding(self) -> int:
        """A moment when the business was set up."""
        return self.company.founded + self.dice.between(0, 40 * clock.DAY)

"""One list call: its parameters, the rows they select, and the page that is sent.

    parse(endpoint, parameters) -> Query -> select(table, query) -> positions -> answer(table, query) -> envelope

Unknown parameters are ignored; a wrong value of a known one is a 400 that names it (seen live for `sort`, else
inferred).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from ..endpoints import MODIFIED, Endpoint
from ..settings import Settings
from ..store import Row, Table
from .errors import invalid
from .parameters import Reader

DEFAULT_PAGE_SIZE = 50
ANYTHING = ("", "any")
EVERYTHING = 1 << 31  # the page of a list that has none
ALL_TIME = (-1, 1 << 62)
_ACTIVITY = {
    "active": {"true": True, "any": None, "false": False},
    "activeState": {"activeonly": True, "all": None, "inactiveonly": False},
    "activeOnly": {"true": True, "false": None},
    "includeInactive": {"true": None, "false": True},
}
_WITHOUT_WISH = {"activeOnly": None}  # rows of any activity; elsewhere the active ones
_DIRECTIONS = {"asc": False, "ascending": False, "desc": True, "descending": True}
_SORTED_BY = {"Location": "locationId", "Date": "year", "CreatedBy": "createdById"}  # where the field has another name
_BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True)
class Selection:
    """Which rows, in which order; bounds are ticks, lower inclusive, upper exclusive. `active` None: all rows."""

    active: bool | None
    created: tuple[int, int]
    modified: tuple[int, int]
    ids: frozenset[int] | None
    equals: tuple[tuple[str, frozenset[str]], ...]
    sort: str
    descending: bool


@dataclass(frozen=True)
class Query:
    """A selection and one page of it."""

    selection: Selection
    page: int
    page_size: int
    include_total: bool


def parse(endpoint: Endpoint, parameters: Mapping[str, str], settings: Settings) -> Query:
    """Raises ApiError(400) that names every bad or missing parameter."""
    known = endpoint.knows
    reader = Reader(parameters if known is None else {k: v for k, v in parameters.items() if k.lower() in known})
    _check_presence(endpoint, reader)
    is_paged = known is None or "pagesize" in known
    size = reader.whole("pageSize", DEFAULT_PAGE_SIZE if is_paged else EVERYTHING, least=1)
    cap = min(settings.page_size_cap, endpoint.largest_page or EVERYTHING) if is_paged else EVERYTHING
    if size > cap and settings.over_cap == "400":
        reader.complain("pageSize")
    page = reader.whole("page", 1, least=endpoint.first_page)
    query = Query(
        _selection(endpoint, reader),
        max(page, 1),
        min(size, cap),
        bool(reader.choice("includeTotal", _BOOLEANS, False)),
    )
    if reader.problems:
        raise invalid(reader.problems)
    return query


def _check_presence(endpoint: Endpoint, reader: Reader) -> None:
    reader.problems |= {name: f"The {name} field is required." for name in endpoint.required if not reader.text(name)}
    if endpoint.needs_one_of and not any(map(reader.text, endpoint.needs_one_of)):
        names = ", ".join(endpoint.needs_one_of)
        reader.problems[endpoint.needs_one_of[0]] = f"At least one of these must be given: {names}."


def _selection(endpoint: Endpoint, reader: Reader) -> Selection:
    activity = endpoint.activity
    sort, descending = _order(endpoint, reader)
    return Selection(
        active=reader.choice(activity, _ACTIVITY[activity], _WITHOUT_WISH.get(activity, True)) if activity else None,
        created=_window(reader, *endpoint.created),
        modified=_window(reader, *MODIFIED),
        ids=reader.numbers("ids") if endpoint.ids else None,
        equals=_equals(endpoint, reader),
        sort=sort,
        descending=descending,
    )


def _window(reader: Reader, from_name: str, before_name: str) -> tuple[int, int]:
    return reader.moment(from_name, ALL_TIME[0]), reader.moment(before_name, ALL_TIME[1])


def _equals(endpoint: Endpoint, reader: Reader) -> tuple[tuple[str, frozenset[str]], ...]:
    pairs = [pair.split("=") for pair in endpoint.equals.split()]
    wishes = [(field, reader.text(name)) for name, field in pairs]
    return tuple((field, frozenset(wish.lower().split(","))) for field, wish in wishes if wish.lower() not in ANYTHING)


def _order(endpoint: Endpoint, reader: Reader) -> tuple[str, bool]:
    """The field to sort by and whether descending; without a wish it is id descending (seen live once)."""
    fields = {field.lower(): field for field in endpoint.sort or ("Id", "ModifiedOn", "CreatedOn")}
    wish = reader.text(endpoint.sort_parameter) if endpoint.sort else ""
    if endpoint.sort_parameter == "sortBy":
        return fields.get(wish.lower(), "Id"), bool(reader.choice("descending", _BOOLEANS, False))
    if wish:
        if wish[1:].lower() in fields and wish[0] in "+- ":  # a bare + arrives as a space
            return fields[wish[1:].lower()], wish[0] == "-"
        reader.problems["sort"] = f"The value '{wish}' is not valid for Sort."
    if endpoint.order_by and (wish := reader.text("orderBy")):
        if wish.lower() not in fields:
            reader.complain("orderBy")
        return fields.get(wish.lower(), "Id"), bool(reader.choice("orderByDirection", _DIRECTIONS, False))
    return "Id", True


def select(table: Table, selection: Selection) -> list[int]:
    """The positions of the selected rows in order; kept until the table changes."""
    found = table.selections.get(selection)
    if found is None:
        found = _ordered(table, selection, _filtered(table, selection))
        table.remember(selection, found)
    return found


def _filtered(table: Table, selection: Selection) -> list[int]:
    low, high = selection.modified
    found = [at for at, moment in enumerate(table.modified) if low <= moment < high]
    if selection.created != ALL_TIME:
        low, high = selection.created
        found = [at for at in found if low <= table.created[at] < high]
    if selection.ids is not None:
        found = [at for at in found if table.ids[at] in selection.ids]
    if selection.active is not None:
        found = [at for at in found if table.active[at] == selection.active]
    for path, wanted in selection.equals:
        found = [at for at in found if str(_field(table.readable(at), path)).lower() in wanted]
    return found


def _ordered(table: Table, selection: Selection, found: list[int]) -> list[int]:
    if selection.sort in ("Id", "ID"):
        return found[::-1] if selection.descending else found
    columns = {"CreatedOn": table.created, "ModifiedOn": table.modified}
    if selection.sort in columns:
        return sorted(found, key=columns[selection.sort].__getitem__, reverse=selection.descending)
    name = _SORTED_BY.get(selection.sort) or selection.sort[0].lower() + selection.sort[1:]
    return sorted(found, key=lambda at: str(_field(table.readable(at), name)), reverse=selection.descending)


def _field(row: Row | None, path: str) -> object:
    """The value at a path such as `customer.id`."""
    value: object = row
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def bare(table: Table, query: Query) -> dict[str, object]:
    """All rows, in an answer that has nothing else."""
    return {"data": answer(table, query)["data"]}


def answer(table: Table, query: Query) -> dict[str, object]:
    """The envelope; its keys stand in the order page, pageSize, hasMore, totalCount, data (seen live)."""
    found = select(table, query.selection)
    start = (query.page - 1) * query.page_size
    rows = found[start : start + query.page_size]
    return {
        "page": query.page,
        "pageSize": query.page_size,
        "hasMore": len(found) > start + query.page_size,
        "totalCount": len(found) if query.include_total else None,
        "data": msgspec.Raw(b"[%b]" % b",".join([table.bodies[at] for at in rows])),
    }

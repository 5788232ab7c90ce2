"""The control actions: what can be done to the records from outside.

    touch, deactivate, delete   {"entity", "ids" or "count", "owner"}
    add                         {"entity", "count", "owner"}
    merge                       {"entity": "customers" or "locations", "from", "into"}
    set                         {"entity", "id", "fields", "bump", "owner"}
    raw                         {"entity", "id", "text", "owner"}
    live                        {"count"}

Entities are named in snake_case plural; records of custom_fields are addressed with an `owner` besides ("customers"
without one). Every action answers with the ids that it changed or made.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from .. import clock
from ..business.company import Company
from ..endpoints import TABLES
from ..optional import PATHS
from ..store import Row, Table
from .copies import renamed
from .edits import edit
from .growth import grow
from .merging import merge
from .updates import complete_a_job

Arguments = dict[str, Any]
UNSUITABLE = (
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    OverflowError,
    StopIteration,
    msgspec.DecodeError,
)
MOST_ID = 2**63 - 1


class ControlError(ValueError):
    """The action cannot be done as asked; its text says why."""


def perform(company: Company, action: str, arguments: Arguments, now: int) -> dict[str, object]:
    """Does one action at the server's time `now` (ticks). Raises ControlError."""
    if action not in ACTIONS:
        raise ControlError(f"no such action: {action}")
    company.now = now
    try:
        return {"ids": ACTIONS[action](company, arguments)}
    except UNSUITABLE as problem:
        raise ControlError(f"{action} {arguments}: {problem!r}") from problem


def touch(company: Company, arguments: Arguments) -> list[int]:
    """Changes a harmless visible field (name, summary or memo) and modifiedOn."""
    return _each(company, arguments, lambda table, record_id: _edit(company, table, record_id))


def add(company: Company, arguments: Arguments) -> list[int]:
    """New records that belong to existing ones."""
    return [grow(company, _table_name(arguments)) for _ in range(arguments.get("count", 1))]


def deactivate(company: Company, arguments: Arguments) -> list[int]:
    """Makes records inactive; a job is canceled; contacts and custom fields, which have no flag, vanish from their
    lists, contacts with a trace in their export feed."""
    return _each(company, arguments, lambda table, record_id: _retire(company, table, record_id))


def delete(company: Company, arguments: Arguments) -> list[int]:
    """Removes records without a trace."""
    return _each(company, arguments, lambda table, record_id: table.remove(record_id))


def override(company: Company, arguments: Arguments) -> list[int]:
    """Sets any fields to any values; an unknown id becomes a new record like the table's last one."""
    table, record_id = company.store[_table_name(arguments)], _one_id(arguments)
    row = _known(table, record_id) or _newcomer(company, table, record_id)
    if arguments.get("bump", True):
        _put(company, table, record_id, row, arguments["fields"])
    else:
        table.put(record_id, row | arguments["fields"])
    return [record_id]


def raw(company: Company, arguments: Arguments) -> list[int]:
    """Puts a literal text in the row's place."""
    record_id = _one_id(arguments)
    company.store[_table_name(arguments)].insert(record_id, str(arguments["text"]).encode())
    return [record_id]


def live(company: Company, arguments: Arguments) -> list[int]:
    """`count` things that happen on a working day."""
    return [_event(company) for _ in range(arguments.get("count", 1))]


def _event(company: Company) -> int:
    action, entity = company.dice.pick(_EVENTS)
    if action == "touch":
        return touch(company, {"entity": entity})[0]
    try:
        return complete_a_job(company) if action == "complete" else grow(company, entity)
    except KeyError:  # no job is open just now
        return grow(company, "jobs")


_EVENTS = (
    ("add", "jobs"),
    ("add", "jobs"),
    ("complete", "jobs"),
    ("complete", "jobs"),
    ("add", "payments"),
    ("add", "customers"),
    ("touch", "customers"),
    ("touch", "locations"),
    ("touch", "jobs"),
    ("touch", "customer_contacts"),
)

ACTIONS: dict[str, Callable[[Company, Arguments], list[int]]] = {
    "touch": touch,
    "add": add,
    "deactivate": deactivate,
    "delete": delete,
    "merge": lambda company, arguments: merge(company, arguments["entity"], arguments["from"], arguments["into"]),
    "set": override,
    "raw": raw,
    "live": live,
}


def _table_name(arguments: Arguments) -> str:
    entity, owner = arguments["entity"], arguments.get("owner")
    name = f"{entity}/{owner or 'customers'}" if entity == "custom_fields" else entity
    if name not in TABLES and name not in PATHS:
        raise ControlError(f"no such entity: {name}")
    return str(name)


def _one_id(arguments: Arguments) -> int:
    record_id = int(arguments["id"])
    if not 0 <= record_id <= MOST_ID:
        raise ControlError(f"not an id: {record_id}")
    return record_id


def _each(company: Company, arguments: Arguments, act: Callable[[Table, int], None]) -> list[int]:
    """Acts on the records named by `ids`, or on `count` active ones by chance."""
    table = company.store[_table_name(arguments)]
    ids = arguments.get("ids")
    if ids is None:
        ids = _some_ids(company, table, arguments.get("count", 1))
    for record_id in ids:
        act(table, record_id)
    return list(ids)


def _some_ids(company: Company, table: Table, count: int) -> list[int]:
    ids = [record_id for record_id, active in zip(table.ids, table.active, strict=True) if active]
    return sorted(company.dice.sample(ids, min(count, len(ids))))


def _edit(company: Company, table: Table, record_id: int) -> None:
    row = table.row(record_id)
    edit(company, row, table.form)
    _put(company, table, record_id, row)


def _retire(company: Company, table: Table, record_id: int) -> None:
    row = table.row(record_id)
    dated = table.form.dated(row)
    if "active" in dated:
        dated["active"] = False
    if table.deleted is not None or not {"active", "jobStatus"} & set(dated):
        _stamp(company, dated)
        return table.bury(record_id, row)
    _put(company, table, record_id, row, {} if "active" in dated else {"jobStatus": "Canceled"})


def _put(company: Company, table: Table, record_id: int, row: Row, fields: Row | None = None) -> None:
    """Writes a row as modified now; of one that does not say when, the feed knows it."""
    dated = table.form.dated(row)
    _stamp(company, dated)
    table.put(record_id, row | (fields or {}))
    if table.form.is_fed and "modifiedOn" not in dated:
        table.modified[table.position(record_id)] = company.now


def _stamp(company: Company, dated: Row) -> None:
    if "modifiedOn" in dated:
        dated["modifiedOn"] = clock.text(company.now)


def _known(table: Table, record_id: int) -> Row | None:
    """The row in the list, or the deleted one, to which `set` gives its life back."""
    if record_id in table:
        return table.readable(table.position(record_id))
    if table.deleted is None or record_id not in table.deleted:
        return None
    row = table.deleted.row(record_id)
    del row["active"]
    return row


def _newcomer(company: Company, table: Table, record_id: int) -> Row:
    like = next((row for at in reversed(range(len(table))) if (row := table.readable(at))), {})
    return renamed(company, table, like, record_id)

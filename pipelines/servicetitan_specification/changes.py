"""What a newer specification changes, a line a change, as a developer reads it.

crm/v2/tenant/{tenant}/leads                    a new list
crm/v2/tenant/{tenant}/customers                field balance: decimal -> string, may be null
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from .listing import Field, Listing, Parameter

T = TypeVar("T")


class Change(NamedTuple):
    """One difference between what was known of a list and what is."""

    path: str
    what: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what}"


def changes(old: Mapping[str, Listing], new: Mapping[str, Listing]) -> list[Change]:
    """Every difference, list by list in the order of their paths."""
    return [Change(path, what) for path in sorted({*old, *new}) for what in _of_list(old.get(path), new.get(path))]


def _of_list(old: Listing | None, new: Listing | None) -> Iterator[str]:
    if old is None or new is None:
        yield "a list no more" if old else "a new list"
        return
    for name in ("kind", "scope"):
        yield from _changed(name, getattr(old, name), getattr(new, name), str)
    yield from _changed("sort", old.sort, new.sort, lambda fields: ", ".join(fields) or "unknown")
    yield from _of_parts("parameter", old.parameters, new.parameters, _parameter)
    yield from _of_parts("field", old.fields, new.fields, _field)


def _of_parts(part: str, old: Mapping[str, T], new: Mapping[str, T], text: Callable[[T], str]) -> Iterator[str]:
    yield from (f"{part} {name} came: {text(new[name])}" for name in new if name not in old)
    yield from (f"{part} {name} went" for name in old if name not in new)
    for name in old:
        if name in new:
            yield from _changed(f"{part} {name}", old[name], new[name], text)


def _changed(what: str, old: Any, new: Any, text: Callable[[Any], str]) -> Iterator[str]:
    if old != new:
        yield f"{what}: {text(old)} -> {text(new)}"


def _parameter(parameter: Parameter) -> str:
    return f"{parameter.type}, required" if parameter.required else parameter.type


def _field(field: Field) -> str:
    return f"{field.type}, may be null" if field.nullable else field.type

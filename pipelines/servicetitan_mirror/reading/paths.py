"""Paths in a record as the decoder of fields.py makes it: which it has, and how many records have one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import UNSET, Struct

from servicetitan_mirror.reading.fields import ITEM, Node, steps

ANY = "*"  # in a path: the keys of an object, where these are data
_KINDS = {str: "string", int: "number", float: "number", bool: "boolean", dict: "object", list: "array"}


class Watch:
    """Counts the records that have a path, with a value of another kind than those that are expected, if any are."""

    def __init__(self, path: str, expected: frozenset[str] = frozenset()) -> None:
        self.records = 0
        self._steps = steps(path)
        self._expected = expected

    def count(self, record: Struct) -> bool:
        """Count the record if it is one of them; whether it is."""
        found = _has(record, self._steps, self._is_meant)
        self.records += found
        return found

    def _is_meant(self, value: object) -> bool:
        return not self._expected or kind_of_value(value) not in (None, *self._expected)


def kind_of_value(value: object) -> str | None:
    """Of which kind a value is, decoded strictly or not; None for null."""
    return "object" if isinstance(value, Struct) else _KINDS.get(type(value))


def _has(value: object, steps: Sequence[str], is_meant: Callable[[object], bool]) -> bool:
    """Whether any value at a path below `value` is meant."""
    for place, step in enumerate(steps):
        if step == ANY:
            return isinstance(value, Struct)
        if step == ITEM:
            return isinstance(value, list) and any(_has(one, steps[place + 1 :], is_meant) for one in value)
        value = getattr(value, step, UNSET) if isinstance(value, Struct) else UNSET
        if value is UNSET:
            return False
    return is_meant(value)


def paths_of(value: object, node: Node, path: str = "") -> Iterator[str]:
    """The paths of a value's keys, and those of its objects with a point behind them, where "." is the record."""
    if isinstance(value, list) and ITEM in node.fields:
        for one in value:
            yield from paths_of(one, node.fields[ITEM], path + ITEM)
    elif isinstance(value, Struct):
        yield object_of(f"{path}.")
        for key, below in node.fields.items():
            found = getattr(value, key, UNSET) if key != ITEM else UNSET
            if found is not UNSET:
                place = joined(path, key)
                yield place
                yield from paths_of(found, below, place)


def joined(path: str, key: str) -> str:
    """The path of a key in the object at a path."""
    return f"{path}.{key}" if path else key


def object_of(path: str) -> str:
    """The object that a path's key is in, as `paths_of` has it."""
    return path.rpartition(".")[0] + "."

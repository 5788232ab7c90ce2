"""Which columns are about a person, as api/protection.py treats their fields, so that they can be tagged."""

from __future__ import annotations

from collections.abc import Iterable

from servicetitan_mirror.entities import Entity
from servicetitan_mirror.personal import Tree, sounds_personal, tree_of

INSIDE = "inside"  # something personal is in the value, besides what is not
_NOTHING_NAMED: Tree = {}


def kind_of_column(entity: Entity, path: str, fields: Iterable[str]) -> str:
    """What is done with the field at `path`, or with a part of it; empty where nothing is."""
    inside = (other for other in fields if other.startswith((f"{path}[].", f"{path}.")))
    return kind_of(entity, path) or (INSIDE if any(kind_of(entity, other) for other in inside) else "")


def kind_of(entity: Entity, path: str) -> str:
    """What is done with a field: a kind of personal.py; empty where nothing is."""
    tree = tree_of(entity.name)
    if tree is None:
        return ""
    for key in path.replace("[]", "").split("."):
        kind = tree.get(key) or sounds_personal(key)
        if isinstance(kind, str) and kind:
            return kind
        tree = kind or _NOTHING_NAMED
    return ""

"""Names and patterns, as a user writes them, → entities.

standard       the eighteen of the fifteen tables
reference      those by which others are described, standard ones among them
calls          one entity, together with its companions
inventory.*    those of a module of the API
pricebook_*    those whose names fit
*              all
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import lru_cache

from servicetitan_mirror.entities import ENTITIES, Entity

GROUPS = {"standard": "is_standard", "reference": "is_reference"}


@lru_cache(maxsize=256)
def named(pattern: str) -> frozenset[str]:
    """The names of the entities that a name or pattern means; none if it means nothing."""
    return frozenset(entity.name for entity in ENTITIES if _means(pattern, entity))


def chosen(patterns: Iterable[str]) -> tuple[Entity, ...]:
    """The entities that any of the names or patterns means, in their order."""
    names = frozenset[str]().union(*map(named, patterns))
    return tuple(entity for entity in ENTITIES if entity.name in names)


def unknown(pattern: str) -> str:
    """What to say of a pattern that means nothing."""
    near = get_close_matches(pattern, [*GROUPS, *(entity.name for entity in ENTITIES)], 3)
    hint = f", is it {' or '.join(near)}?" if near else "."
    return f"{pattern!r} is no list and fits none{hint} `servicetitan entities` shows them all"


def _means(pattern: str, entity: Entity) -> bool:
    if pattern in GROUPS:
        return bool(getattr(entity, GROUPS[pattern]))
    names = (entity.name, entity.companion_of or entity.name)
    of_module = () if entity.has_owners else tuple(f"{entity.module}.{name}" for name in names)
    return any(fnmatchcase(name, pattern) for name in (*names, *of_module))

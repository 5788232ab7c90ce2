"""Which entity a column's ids are of, by the column's name: `customer_id` are ids of customers."""

from __future__ import annotations

from functools import cache

from servicetitan_mirror.entities import ENTITIES, PUBLISHED, Entity


def referred(name: str) -> Entity | None:
    """The entity whose ids a column of that name holds, where its name says so."""
    return _by_column().get(name)


def has_table(entity: Entity) -> bool:
    """Whether each mirror has a table of the entity, which a test may look into."""
    return entity in PUBLISHED


@cache
def _by_column() -> dict[str, Entity]:
    numbered = (entity for entity in ENTITIES if not entity.has_owners and not entity.endpoints[0].told_by)
    return {f"{_singular(entity.name)}_id": entity for entity in numbered}


def _singular(name: str) -> str:
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    return name.removesuffix("es") if name.endswith("uses") else name.removesuffix("s")

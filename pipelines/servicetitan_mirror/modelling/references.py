"""Which entity a field's ids are of, by the field's name: `customerId` and `customer.id` are ids of customers."""

from __future__ import annotations

from functools import cache

from servicetitan_mirror.entities import ENTITIES, PUBLISHED, Entity
from servicetitan_mirror.modelling.naming import snake_case


def referred(path: str) -> Entity | None:
    """The entity whose ids the field at `path` holds, where its last keys say so: those of `call.customer.id` do."""
    keys = [snake_case(key) for key in path.split(".")]
    tails = ("_".join(keys[place:]) for place in range(len(keys)))
    return next((known for tail in tails if (known := _by_name().get(tail))), None)


def has_table(entity: Entity) -> bool:
    """Whether each mirror has a table of the entity, which a test may look into."""
    return entity in PUBLISHED


@cache
def _by_name() -> dict[str, Entity]:
    numbered = (entity for entity in ENTITIES if not entity.has_owners and not entity.endpoints[0].told_by)
    return {f"{_singular(entity.name)}_id": entity for entity in numbered}


def _singular(name: str) -> str:
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    return name.removesuffix("es") if name.endswith("statuses") else name.removesuffix("s")

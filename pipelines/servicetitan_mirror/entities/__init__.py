"""The lists of the API as data: one line per entity, in the order in which they start and are published.

An entity has one name everywhere: `customers` is the landed table `raw_servicetitan.customers`, the model
`st_customers.sql` and its `st_customers.yml`. A companion is an entity without a table of its own: its
records complete the rows of its parent (contacts carry e-mail and phone, assignments the technicians).

Every list is asked for active and inactive rows: lists show only active ones by default, so a record that turns
inactive would otherwise never reach an incremental sync.

kinds      what an endpoint and an entity are
standard   those of the fifteen tables
optional   all others
left_out   what is not offered, and why
choosing   names and patterns → entities
"""

from __future__ import annotations

from servicetitan_mirror.entities.kinds import BY_ID, MOST_IDS, Endpoint, Entity, contacts, listed
from servicetitan_mirror.entities.optional import OPTIONAL
from servicetitan_mirror.entities.standard import STANDARD

__all__ = [
    "BY_ID", "BY_NAME", "ENTITIES", "LISTS", "MOST_IDS", "OPTIONAL", "PUBLISHED", "STANDARD",
    "Endpoint", "Entity", "contacts", "is_accompanied", "listed",
]  # fmt: skip

ENTITIES = STANDARD + OPTIONAL
BY_NAME = {entity.name: entity for entity in ENTITIES}
PUBLISHED = tuple(entity for entity in STANDARD if not entity.companion_of)  # the fifteen, each with a table of its own
LISTS = tuple(endpoint for entity in STANDARD for endpoint in entity.endpoints)  # each is one call of an idle sync

_ACCOMPANIED = {name for entity in ENTITIES if entity.companion_of for name in (entity.name, entity.companion_of)}


def is_accompanied(entity: Entity) -> bool:
    """Whether it is a companion or has one."""
    return entity.name in _ACCOMPANIED

"""What is asked of one list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from servicetitan_mirror.entities import Endpoint, Entity
from servicetitan_mirror.reading.keys import Before


@dataclass
class Task:
    """What is asked of one list.

    Attributes:
        entity: what its records are.
        endpoint: the list.
        since: the instant from which on changes are read; None to read everything.
        cursor: where the list's cursor stands; None if the list was never read completely.
        refused: what its server is known to answer 400 to: keys of FALLBACKS.
        before: what earlier syncs have seen of its records' keys; None where nobody wants to know of them.
        ids: the records that are read, whatever else the list holds; none means all. The list has to have `has_ids`.
        token: where a feed goes on, as it said itself; None where that is not known.
    """

    entity: Entity
    endpoint: Endpoint
    since: datetime | None = None
    cursor: datetime | None = None
    refused: set[str] = field(default_factory=set)
    before: Before | None = None
    ids: tuple[int, ...] = ()
    token: str | None = None

    @property
    def is_full(self) -> bool:
        """Whether everything is read."""
        return self.since is None and not self.ids

    @property
    def reads_feed(self) -> bool:
        """Whether records come from the export feed, which shows deletions too."""
        if self.endpoint.is_feed:
            return True
        return bool(self.endpoint.feed) and self.since is not None and "export" not in self.refused

    @property
    def name(self) -> str:
        """`customers`; with an owner `custom_fields.jobs`."""
        return f"{self.entity.name}.{self.endpoint.owner}" if self.endpoint.owner else self.entity.name


def tasks_of(entities: Iterable[Entity]) -> list[Task]:
    """A task for each list of the entities, which reads everything."""
    return [Task(entity, endpoint) for entity in entities for endpoint in entity.endpoints]

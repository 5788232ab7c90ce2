"""What a sync is asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from servicetitan_mirror.entities import ENTITIES, Entity


@dataclass(frozen=True)
class Options:
    """What this sync is asked to do.

    `only` names entities, `since` reads changes from an instant on, `wait` is how many seconds it waits for
    another sync to end.
    """

    full: bool = False
    only: tuple[str, ...] = ()
    since: datetime | None = None
    triggered_by: str = "manual"
    wait: float = 0

    @property
    def parameters(self) -> dict[str, object]:
        """As they stand in the log."""
        return {
            "full": self.full,
            "only": list(self.only),
            "since": self.since.isoformat() if self.since else None,
        }

    @property
    def entities(self) -> list[Entity]:
        """The chosen entities; a chosen parent brings its companions along."""
        chosen = set(self.only)
        return [entity for entity in ENTITIES if not chosen or entity.name in chosen or entity.companion_of in chosen]

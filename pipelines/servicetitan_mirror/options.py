"""What a sync is asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from servicetitan_mirror.entities import Entity
from servicetitan_mirror.entities.choosing import chosen


@dataclass(frozen=True)
class Options:
    """What this sync is asked to do.

    Attributes:
        full: whether everything is read.
        only: names and patterns of the entities that are synced; none means those that are chosen.
        since: reads what changed from this instant on, whatever the cursors say; in the tenant's zone if it has none.
        triggered_by: who asked: `manual`, `scheduled` or `api`.
        wait: seconds to wait for another sync of the tenant to end.
        reconcile: whether it reads only what a reconciliation has found wrong.
        chosen: names and patterns of the entities that the settings choose.
    """

    full: bool = False
    only: tuple[str, ...] = ()
    since: datetime | None = None
    triggered_by: str = "manual"
    wait: float = 0
    reconcile: bool = False
    chosen: tuple[str, ...] = ("standard",)

    @property
    def parameters(self) -> dict[str, object]:
        """What the log keeps of it."""
        return {
            "full": self.full,
            "only": list(self.only),
            "since": self.since.isoformat() if self.since else None,
            **({"reconcile": True} if self.reconcile else {}),
        }

    @property
    def entities(self) -> list[Entity]:
        """The entities that are meant; a parent brings its companions along."""
        return [*chosen(self.only or self.chosen)]

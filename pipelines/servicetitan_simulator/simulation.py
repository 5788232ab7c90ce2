"""All that one running simulator knows: the business, its clock, the settings, tokens, counters and fault rules."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator

from . import clock
from .api.access import Access
from .api.faults import Rule
from .api.traffic import Traffic
from .business.history import build
from .control import changes
from .endpoints import ENDPOINTS
from .optional import NAMES, PATHS
from .settings import Settings
from .store import Table

IDLE_SECONDS = 0.2


class Simulation:
    """`anchor` are the ticks at which the made-up history ends; None is the last midnight in UTC."""

    def __init__(self, customers: int, seed: int, settings: Settings, anchor: int | None = None) -> None:
        self.company = build(customers, seed, clock.today() if anchor is None else anchor)
        self.store = self.company.store
        self.clock = clock.Clock()
        self.access = Access()
        self.traffic = Traffic()
        self.rules: list[Rule] = []
        self.set(settings)

    def set(self, settings: Settings) -> None:
        """All settings at once."""
        self.settings = settings
        self.clock.offset = settings.clock_offset

    def perform(self, action: str, arguments: changes.Arguments) -> dict[str, object]:
        """Does a control action at the server's time. Raises changes.ControlError."""
        return changes.perform(self.company, action, arguments, self.clock.now())

    def perform_all(self, actions: Iterable[dict[str, changes.Arguments]]) -> None:
        """Does actions of the form {"touch": {...}} one after another."""
        for action in actions:
            for name, arguments in action.items():
                self.perform(name, arguments)

    def counts(self, every: bool = False) -> dict[str, dict[str, int]]:
        """Per entity how many records its lists would show in all and by default.

        Of the optional ones those that somebody has asked for so far, or `every` one.
        """
        counts: dict[str, dict[str, int]] = {}
        optional = [name for name in NAMES if every or name in self.store.tables]
        for entity, name in [*((each.entity, each.table) for each in ENDPOINTS), *zip(optional, optional, strict=True)]:
            table = self.store[name]
            count = counts.setdefault(entity, {"all": 0, "active": 0})
            count["all"] += len(table)
            count["active"] += sum(table.active)
        return counts

    def lines(self, entity: str, active: bool | None) -> Iterator[bytes]:
        """The records of an entity as NDJSON in id order; those of custom fields stand beside their owner."""
        for endpoint in ENDPOINTS:
            if endpoint.entity == entity:
                yield from _lines(endpoint.owner, self.store[endpoint.table], active)
        if entity in PATHS:
            yield from _lines("", self.store[entity], active)

    async def live(self) -> None:
        """Makes `changes_per_minute` plausible changes until it is cancelled."""
        while True:
            rate = self.settings.changes_per_minute
            await asyncio.sleep(min(60 / rate, IDLE_SECONDS) if rate > 0 else IDLE_SECONDS)
            if rate > 0 and self._due(rate):
                self._change()

    def _due(self, rate: float) -> bool:
        """Long waits are slept in short steps, so that a new rate holds at once."""
        return 60 / rate <= IDLE_SECONDS or self.company.dice.chance(IDLE_SECONDS * rate / 60)

    def _change(self) -> None:
        try:
            self.perform("live", {})
        except changes.ControlError:
            return  # nothing fits just now, for instance no open job is left


def _lines(owner: str, table: Table, active: bool | None) -> Iterator[bytes]:
    for body, is_active in zip(table.bodies, table.active, strict=True):
        if active is None or active == bool(is_active):
            line = body.replace(b"\n", b" ")
            yield b'{"owner":"%b","record":%b}\n' % (owner.encode(), line) if owner else line + b"\n"

"""Any interleaving of changes and syncs, with page borders anywhere, ends with the mirror equal to the source.

The suite plays a few short ones; `INTERLEAVINGS=200 pytest tests/test_interleavings.py` plays many long ones.
"""

from __future__ import annotations

import contextlib
import json
import os
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from mirror import Mirror, simulator
from servers import new_database
from servicetitan_mirror.entities import PUBLISHED, STANDARD

PLAYS = int(os.environ.get("INTERLEAVINGS", "2"))
STEPS = 30 if PLAYS > 10 else 10
NAMES = st.sampled_from([entity.name for entity in STANDARD if not entity.has_owners])
COUNTS = st.integers(1, 7)


def test_any_interleaving_ends_equal_to_the_source(mirror: Mirror) -> None:
    class Play(Interleaving):
        model = mirror

    play = settings(
        max_examples=PLAYS,
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],  # shrinking plays every step again, for minutes
    )
    run_state_machine_as_test(Play, settings=play)


class Interleaving(RuleBasedStateMachine):
    """One play: a business of its own, and a mirror that was synced once."""

    model: Mirror

    @initialize(page_size=st.integers(2, 30), overlap=st.sampled_from([0, 600]))
    def begin(self, page_size: int, overlap: int) -> None:
        self.source = simulator().__enter__()
        warehouse = new_database(self.model.warehouse, template=self.model.warehouse)
        self.mirror = Mirror(self.source, warehouse, self.model.root, {"page_size": page_size, "overlap": overlap})

    @rule(name=NAMES, count=COUNTS, action=st.sampled_from(["touch", "add", "deactivate", "delete"]))
    def change(self, name: str, count: int, action: str) -> None:
        self.act(action, entity=name, count=count)

    @rule(name=st.sampled_from(["customers", "locations"]), place=st.integers(0, 9))
    def merge(self, name: str, place: int) -> None:
        first, second = (self.mirror.listed(name)[place + offset]["id"] for offset in (0, 1))
        self.act("merge", entity=name, merged=first, into=second)

    @rule(name=NAMES, call=st.integers(1, 4), action=st.sampled_from(["touch", "add", "delete"]))
    def change_between_two_pages(self, name: str, call: int, action: str) -> None:
        self.source.fault(name, {"actions": [{action: {"entity": name, "count": 1}}]}, calls=[call])

    @rule(name=NAMES, status=st.sampled_from([429, 500]), call=st.integers(1, 3))
    def stumble(self, name: str, status: int, call: int) -> None:
        self.source.fault(name, {"status": status}, calls=[call])

    @rule(full=st.booleans())
    def sync(self, full: bool) -> None:
        self.mirror.sync(full=full)

    def teardown(self) -> None:
        self.source.clear_faults()
        self.mirror.sync()
        self.check(lambda landed, listed: listed <= landed)
        self.mirror.sync(full=True)
        self.check(lambda landed, listed: landed == listed)
        self.source.__exit__(None, None, None)

    def check(self, holds: Any) -> None:
        for entity in STANDARD:
            sides = (self.mirror.landed, self.mirror.listed)
            landed, listed = ({canonical(record) for record in side(entity.name)} for side in sides)
            assert holds(landed, listed), entity.name
            if entity in PUBLISHED:
                alive = f"select count(*) from st_{entity.name} where deleted_at is null"
                assert self.mirror.row(alive) == (len(landed),)

    def act(self, action: str, **arguments: Any) -> None:
        with contextlib.suppress(ValueError):  # nothing left to change
            getattr(self.source, action)(**arguments)


def canonical(record: Any) -> str:
    """A record as text, whatever the order of its keys."""
    return json.dumps(record, sort_keys=True, default=str)

"""The part that chooses every list: all of it against the floor, and the syncs that follow."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from benchmark.figures import Figure, Part
from benchmark.ground import Ground, simulator
from benchmark.parts import ratios, seconds
from benchmark.scale import Scale
from benchmark.tenant import Tenant
from servicetitan_mirror.entities import ENTITIES

LISTS = sum(len(entity.endpoints) for entity in ENTITIES)
# ×, seconds, MB, seconds: what every list may cost a tenant of 20,000 customers
FULL_BAR, IDLE_BAR, PEAK_BAR, MARTS_BAR = 2.5, 6, 500, 20
MARTS = "select viewname from pg_views where schemaname = 'analytics' order by 1"
MADE = "select duration_ms / 1000.0 from st_sync_log where module = 'models' order by started_at desc limit 1"


def every_part(ground: Ground, scale: Scale, say: Callable[[str], None]) -> Iterable[Part]:
    """A full sync of every list, idle syncs, and an idle sync with the rate limit on."""
    say(f"every list of {scale.customers:,} customers")
    with simulator(ground, scale.customers) as source:
        source.counts(every=True)  # makes the optional lists' records, which is not to be measured
        tenant = Tenant(ground, source, every=True)
        floors, fulls, idle = [], [], []
        for turn in range(scale.runs):
            say(f"floor and full sync, {turn + 1} of {scale.runs}")
            floors.append(tenant.floor())
            fulls.append(tenant.first_sync())
        tenant.settle()
        for turn in range(scale.runs):
            say(f"idle incremental sync, {turn + 1} of {scale.runs}")
            idle.append(tenant.sync())
        say("all marts from nothing")
        made, marts = _marts(ground, tenant)
        say(f"idle incremental sync at {scale.limit} calls per second")
        source.settings(requests_per_second=scale.limit)
        limited = tenant.sync(per_second=scale.limit)
    figures = (
        Figure("full sync ÷ floor", "×", ratios(fulls, floors), FULL_BAR, scale.judges_changes),
        Figure("full sync", "s", seconds(fulls)),
        Figure("floor", "s", seconds(floors)),
        Figure("requests", "", tuple(full.requests for full in fulls)),
        Figure("peak memory of a full sync", "MB", tuple(full.ran.peak for full in fulls), PEAK_BAR),
        Figure("idle incremental sync", "s", seconds(idle), IDLE_BAR),
        Figure(f"its requests, {LISTS} lists", "", tuple(sync.requests for sync in idle)),
        Figure(f"idle at {scale.limit} calls per second", "s", (limited.ran.seconds,)),
        Figure(f"{len(marts)} marts made from nothing", "s", (made,), MARTS_BAR),
        Figure("each of them read once, to the last row", "s", (sum(marts.values()),)),
        *(Figure(f"of that {name}", "s", (marts[name],)) for name in sorted(marts, key=marts.__getitem__)[-3:]),
    )
    yield Part(f"Every list: {scale.customers:,} customers, {fulls[0].records:,} records", figures)


def _marts(ground: Ground, tenant: Tenant) -> tuple[float, dict[str, float]]:
    """Seconds that a sync takes to make all marts, and by name that it takes to read each."""
    names = [name for (name,) in ground.query(tenant.database, MARTS)]
    ground.query(tenant.database, "drop schema analytics cascade")
    tenant.sync()
    ((made,),) = ground.query(tenant.database, MADE)
    spent = {}
    for name in names:
        began = time.monotonic()
        ground.query(tenant.database, f"select count(*) from (select * from analytics.{name} offset 0) as mart")
        spent[name] = time.monotonic() - began
    return float(made), spent

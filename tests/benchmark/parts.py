"""The parts of a run: each measures one tenant and returns its figures.

What is compared is measured in turns (floor, full, floor, full), so that a machine that grows slower does so for both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from benchmark.figures import Figure, Part
from benchmark.ground import Ground, simulator
from benchmark.scale import CHANGES, Scale
from benchmark.tenant import Synced, Tenant
from servicetitan_mirror.entities import LISTS

Say = Callable[[str], None]


def main_part(ground: Ground, scale: Scale, say: Say) -> Iterable[Part]:
    """Full sync against the floor, an unchanged tenant, an idle sync, and syncs with the rate limit on."""
    say(f"a business with {scale.customers:,} customers")
    with simulator(ground, scale.customers) as source:
        tenant = Tenant(ground, source)
        say("warming up")
        tenant.first_sync()
        floors, fulls = [], []
        for turn in range(scale.runs):
            say(f"floor and full sync, {turn + 1} of {scale.runs}")
            floors.append(tenant.floor())
            fulls.append(tenant.first_sync())
        yield _full(scale, floors, fulls)
        yield _stages(fulls)
        say("a full sync of the unchanged tenant")
        yield _unchanged(tenant, floors)
        yield _idle(tenant, scale, say)
        yield _limited(tenant, scale, say)


def large_part(ground: Ground, scale: Scale, say: Say) -> Iterable[Part]:
    """Memory of a large tenant's full sync; idle and changed incremental syncs of it."""
    say(f"a business with {scale.large:,} customers")
    with simulator(ground, scale.large) as source:
        tenant = Tenant(ground, source)
        say("floor and full sync")
        floor, full = tenant.floor(), tenant.first_sync()
        idle, changed = [], []
        for turn in range(scale.runs):
            say(f"idle and changed incremental sync, {turn + 1} of {scale.runs}")
            tenant.settle()
            idle.append(tenant.sync())
            tenant.change(CHANGES)
            changed.append(tenant.sync())
            _expect(changed[-1].records >= CHANGES > idle[-1].records, "the changes are what the sync reads")
    figures = (
        Figure("full sync ÷ floor", "×", ratios([full], [floor])),
        Figure("full sync", "s", (full.ran.seconds,)),
        Figure("floor", "s", (floor.ran.seconds,)),
        Figure("peak memory of a full sync", "MB", (full.ran.peak,), 500),
        Figure(f"incremental sync, {CHANGES} changes ÷ idle", "×", ratios(changed, idle), 1.5, scale.judges_changes),
        Figure(f"incremental sync, {CHANGES} changes", "s", seconds(changed)),
        Figure(f"incremental sync, {CHANGES} changes, CPU", "s", tuple(sync.ran.cpu for sync in changed)),
        Figure("idle incremental sync", "s", seconds(idle)),
        Figure("the simulator's CPU in an idle sync", "s", tuple(sync.simulated for sync in idle)),
    )
    yield Part(f"{scale.large:,} customers, {full.records:,} records", figures)


def _full(scale: Scale, floors: Sequence[Synced], fulls: Sequence[Synced]) -> Part:
    figures = (
        Figure("full sync ÷ floor", "×", ratios(fulls, floors), scale.full_bar),
        Figure("full sync, empty database to st_ tables", "s", seconds(fulls)),
        Figure("floor", "s", seconds(floors)),
        Figure("records per second", "/s", tuple(full.records / full.ran.seconds for full in fulls)),
        Figure("requests", "", tuple(full.requests for full in fulls)),
        Figure("peak memory of a full sync", "MB", tuple(full.ran.peak for full in fulls), 500),
        Figure("CPU, with PostgreSQL's: full sync ÷ floor", "×", tuple(map(_cpu_ratio, fulls, floors))),
        Figure("CPU of a full sync", "s", tuple(full.ran.cpu for full in fulls)),
        Figure("PostgreSQL's CPU in a full sync", "s", tuple(full.served for full in fulls)),
        Figure("CPU of the floor", "s", tuple(floor.ran.cpu for floor in floors)),
        Figure("PostgreSQL's CPU in the floor", "s", tuple(floor.served for floor in floors)),
        Figure("the simulator's CPU, of a full sync's time", "%", shares(fulls)),
        Figure("the simulator's CPU, of the floor's time", "%", shares(floors)),
    )
    return Part(f"Full sync: {scale.customers:,} customers, {fulls[0].records:,} records", figures)


def _stages(fulls: Sequence[Synced]) -> Part:
    reading = [full.ran.second_of("reading ") for full in fulls]
    building = [full.ran.second_of("building ") for full in fulls]
    ends = seconds(fulls)
    figures = (
        Figure("start-up, to the first call", "s", tuple(reading)),
        Figure("reading and landing", "s", tuple(end - start for start, end in zip(reading, building, strict=True))),
        Figure("dbt, to the end", "s", tuple(end - start for start, end in zip(building, ends, strict=True))),
    )
    return Part("Where the time of a full sync goes", figures)


def _unchanged(tenant: Tenant, floors: Sequence[Synced]) -> Part:
    rows, size = tenant.written()
    full = tenant.sync("--full")
    rows_after, size_after = tenant.written()
    figures = (
        Figure("rows rewritten, of all rows", "%", (100 * (rows_after - rows) / tenant.rows(),), 1),
        Figure("growth of the tables", "MB", ((size_after - size) / 1e6,)),
        Figure("full sync, nothing changed ÷ floor", "×", ratios([full], floors[-1:])),
        Figure("full sync, nothing changed", "s", (full.ran.seconds,)),
    )
    return Part("Full sync of an unchanged tenant", figures)


def _idle(tenant: Tenant, scale: Scale, say: Say) -> Part:
    idle = []
    tenant.settle()
    for turn in range(scale.runs):
        say(f"idle incremental sync, {turn + 1} of {scale.runs}")
        idle.append(tenant.sync())
    statements = tenant.statements(tenant.sync)
    figures = (
        Figure("wall time of the whole process", "s", seconds(idle), 3),
        Figure("CPU of the process", "s", tuple(sync.ran.cpu for sync in idle)),
        Figure("start-up, to the first call", "s", tuple(sync.ran.second_of("reading ") for sync in idle)),
        Figure("peak memory", "MB", tuple(sync.ran.peak for sync in idle)),
        Figure("requests", "", tuple(sync.requests for sync in idle), len(LISTS)),
        Figure("tokens", "", tuple(sync.tokens for sync in idle), 1),
        Figure("SQL statements", "", (statements,)),
    )
    return Part("Idle incremental sync", figures)


def _limited(tenant: Tenant, scale: Scale, say: Say) -> Part:
    limit, figures = scale.limit, []
    for latency in scale.latencies:
        say(f"full sync at {limit} calls per second and {latency:g} s of latency")
        tenant.source.settings(requests_per_second=limit, latency=latency)
        full = tenant.first_sync(per_second=limit)
        ideal = full.requests / limit
        name = f"{latency * 1000:,.0f} ms per call"
        figures += [
            Figure(f"{name}: full sync ÷ (requests ÷ limit)", "×", (full.ran.seconds / ideal,), scale.limited_bar),
            Figure(f"{name}: full sync", "s", (full.ran.seconds,)),
            Figure(f"{name}: dbt, to the end", "s", (full.ran.seconds - full.ran.second_of("building "),)),
            Figure(f"{name}: calls answered with 429", "", (full.throttled,)),
        ]
    tenant.source.settings(requests_per_second=0, latency=0)
    return Part(f"Full sync with the limit on: {limit} calls per second, {full.requests:,} requests", tuple(figures))


def seconds(syncs: Iterable[Synced]) -> tuple[float, ...]:
    """Wall time of each."""
    return tuple(sync.ran.seconds for sync in syncs)


def ratios(syncs: Iterable[Synced], others: Iterable[Synced]) -> tuple[float, ...]:
    """Wall time of each to that of the other one of its turn."""
    return tuple(mine / theirs for mine, theirs in zip(seconds(syncs), seconds(others), strict=True))


def shares(syncs: Iterable[Synced]) -> tuple[float, ...]:
    """The simulator's CPU time as a share of the wall time, in percent."""
    return tuple(100 * sync.simulated / sync.ran.seconds for sync in syncs)


def _cpu_ratio(sync: Synced, other: Synced) -> float:
    return sync.cpu / other.cpu


def _expect(holds: bool, what: str) -> None:
    if not holds:
        raise RuntimeError(f"not so: {what}")

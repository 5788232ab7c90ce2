"""The part that shows that nothing grows: many incremental syncs in a row, five minutes apart on the tenant's clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from benchmark.figures import Figure, Part
from benchmark.ground import Ground, simulator
from benchmark.scale import Scale
from benchmark.tenant import Synced, Tenant

APART = 300.0  # seconds
CHANGES = 20
ENDS = 10  # of the runs at either end, a tenth is compared
BOOKKEEPING = ("_dlt_version", "_dlt_loads", "_dlt_pipeline_state", "pending_loads", "sync_cursors", "sync_log")


@dataclass(frozen=True)
class State:
    """What is left between two syncs: rows of the bookkeeping by table, files of the working folder and their bytes."""

    rows: dict[str, int]
    files: int
    size: int


def growth_part(ground: Ground, scale: Scale, say: Callable[[str], None]) -> Iterable[Part]:
    """Time of the first and the last runs, and what lay around after them."""
    say(f"{scale.growth_runs} incremental syncs of {scale.growth:,} customers")
    with simulator(ground, scale.growth) as source:
        tenant = Tenant(ground, source)
        tenant.first_sync()
        tenant.settle()
        tenth = max(1, scale.growth_runs // ENDS)
        runs = [_run(tenant) for _ in range(tenth)]
        before = _state(ground, tenant)
        runs += [_run(tenant) for _ in range(scale.growth_runs - tenth)]
        after = _state(ground, tenant)
    yield Part(f"{scale.growth_runs} incremental syncs, five minutes apart", _figures(runs, tenth, before, after))


def _figures(runs: Sequence[Synced], tenth: int, before: State, after: State) -> tuple[Figure, ...]:
    first, last = runs[:tenth], runs[-tenth:]
    wall = [[sync.ran.seconds for sync in part] for part in (first, last)]
    cpu = [[sync.cpu for sync in part] for part in (first, last)]
    tables = (
        Figure(f"rows of {name}: first tenth, end", "", (before.rows[name], after.rows[name]))
        for name in sorted(before.rows)
    )
    return (
        Figure("wall time of the first tenth", "s", tuple(wall[0])),
        Figure("wall time of the last tenth", "s", tuple(wall[1])),
        Figure("wall time, last tenth ÷ first", "×", (_median(wall[1]) / _median(wall[0]),)),
        Figure("CPU with PostgreSQL's, last tenth ÷ first", "×", (_median(cpu[1]) / _median(cpu[0]),)),
        Figure("files of the working folder: first tenth, end", "", (before.files, after.files)),
        Figure("bytes of the working folder: first tenth, end", "kB", (before.size / 1e3, after.size / 1e3)),
        *tables,
    )


def _run(tenant: Tenant) -> Synced:
    tenant.pass_time(APART)
    tenant.change(CHANGES)
    return tenant.sync()


def _state(ground: Ground, tenant: Tenant) -> State:
    there = tenant.ground.query(
        tenant.database, "select tablename from pg_tables where schemaname = 'raw_servicetitan'"
    )
    names = [name for (name,) in there if name in BOOKKEEPING]
    rows = {
        name: ground.query(tenant.database, f"select count(*) from raw_servicetitan.{name}")[0][0] for name in names
    }
    files = [path for path in (ground.root / ".servicetitan").rglob("*") if path.is_file()]
    return State(rows, len(files), sum(path.stat().st_size for path in files))


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]

"""How the mirror stands, tenant by tenant: its tables, what became of its modules, its last runs, and what is wrong."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from psycopg2.extensions import connection as Connection

from servicetitan_mirror.operation.health import Condition, judged, noticed, said
from servicetitan_mirror.operation.inventory import RUNS
from servicetitan_mirror.operation.states import LastError, Look, ModuleState, RunState, TableState, looking
from servicetitan_mirror.operation.wording import together


@dataclass(frozen=True)
class TenantState:
    """A tenant. `running` is the sync at work, `conditions` is what is wrong and `problems` the same in lines;
    `warnings` is what was done otherwise than usual."""

    tenant_id: int
    name: str | None
    time_zone: str | None
    ok: bool
    running: str | None
    problems: list[str]
    warnings: list[str]
    conditions: list[Condition]
    last_error: LastError | None
    tables: list[TableState]
    modules: list[ModuleState]
    runs: list[RunState]


def standing(connection: Connection, max_age: timedelta | None = None, only: Collection[int] = ()) -> list[TenantState]:
    """The state of every tenant of the database, or `only` of some; none where nothing was ever synced.

    What is wrong is what `health` says. The connection commits by itself, and does so again after it.

    Raises:
        ConfigurationError: this user may not read the sync log.
        MirrorError: PostgreSQL refuses something else, for instance because somebody holds a table.
    """
    with looking(connection, only) as look:
        return [tenant_state(look, tenant, max_age) for tenant in look.running]


def tenant_state(look: Look, tenant_id: int, max_age: timedelta | None, runs: int = RUNS) -> TenantState:
    """The state of one tenant of a look, with so many of its last runs."""
    tables, modules = look.tables(tenant_id, counted=True), look.modules(tenant_id)
    found = judged(look, tenant_id, tables, max_age)
    noted = [(module.module, note) for module in modules for note in module.notes]
    drifted = dict.fromkeys(one.subject.partition(".")[0] for one in noticed(look, tenant_id))
    noted += [
        (entity, f"no longer chosen since {since:%Y-%m-%d %H:%M} UTC: what it holds is kept, and not kept fresh")
        for (tenant, entity), since in look.inventory.let_go.items()
        if tenant == tenant_id
    ]
    noted += [(module, "fields of records have come, gone or changed: see st_schema_drift") for module in drifted]
    return TenantState(
        tenant_id,
        look.inventory.names.get(tenant_id),
        look.inventory.zones.get(tenant_id),
        not found,
        look.running[tenant_id],
        said(found),
        together(noted, len(modules)),
        found,
        next((LastError(**row) for row in look.inventory.last_error(tenant_id)), None),
        tables,
        modules,
        [RunState(**row) for row in look.inventory.runs(tenant_id, runs)],
    )

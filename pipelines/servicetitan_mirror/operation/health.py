"""What is wrong with the mirror, since when, and what to do about it.

`status`, `/healthz` and alerts all judge by `conditions`. A condition holds until the database shows that it is over,
so it can be told from the one before by its tenant, kind and subject. What `--only` never asked for is not judged.
`noticed` is what alerts say besides, though nothing is wrong with the mirror.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from psycopg2.extensions import connection as Connection

from servicetitan_mirror.api.auth import CREDENTIALS_REFUSED
from servicetitan_mirror.entities import ENTITIES, PUBLISHED, STANDARD
from servicetitan_mirror.operation.states import Look, ModuleState, TableState, looking, members, open_of
from servicetitan_mirror.operation.wording import duration, many, together
from servicetitan_mirror.raw.deletions import UNMARKED, allowing

Kind = Literal["token", "failed", "abandoned", "guard", "missing", "unbuilt", "old", "failures", "rejected", "drift"]
KINDS: tuple[Kind, ...] = get_args(Kind)[:-1]  # of what is wrong; a drift is only noticed
Found = Iterator[tuple[Kind, str, datetime | None, str]]
OF_TABLES = ("missing", "unbuilt", "old", "failures", "rejected")
OF_RECORDS = ("failures", "rejected")  # of single records, which are the source's to mend; the data arrives


@dataclass(frozen=True)
class Condition:
    """Something that is wrong.

    Attributes:
        tenant_id: with whose data.
        kind: what sort of thing: `token` credentials that are refused, `old` a table older than the age asked for,
            `failed` a module, `abandoned` a module of a run that was cut off, `guard` deletions that were refused,
            `missing` a table, `unbuilt` loads that landed, `failures` values that could not be converted, `rejected`
            records that could not land, `drift` a field that came, went or changed its type.
        subject: the module, table or field.
        since: since when; None if that is not known.
        sentence: what is wrong and what to do, to be read behind the subject and a colon.
    """

    tenant_id: int
    kind: Kind
    subject: str
    since: datetime | None
    sentence: str

    @property
    def stops_data(self) -> bool:
        """Whether it keeps more than single records from being fresh and right."""
        return self.kind not in (*OF_RECORDS, "drift")


def conditions(connection: Connection, max_age: timedelta | None = None, tenant: int | None = None) -> list[Condition]:
    """What is wrong with every tenant of the database, or with one; with `max_age`, also data that is older.

    Counts no table, so it may be asked after each sync. The connection commits by itself, and does so again after it.

    Raises:
        ConfigurationError: this user may not read the sync log.
        MirrorError: PostgreSQL refuses something else.
    """
    with looking(connection, () if tenant is None else [tenant]) as look:
        return [found for each in look.running for found in judged(look, each, look.tables(each), max_age)]


def judged(
    look: Look, tenant_id: int, tables: Sequence[TableState], max_age: timedelta | None = None
) -> list[Condition]:
    """What is wrong with a tenant, of whose tables the states are at hand."""
    let_go = look.inventory.let_go.keys()
    chosen = look.inventory.cursors.keys() - let_go
    asked_for = [table for table in tables if (tenant_id, table.table.removeprefix("st_")) in chosen]
    running = look.running[tenant_id]
    found = [
        *_failed([each for each in look.modules(tenant_id) if (tenant_id, each.module) not in let_go], running),
        *_guarded(look, tenant_id),
        *_missing(asked_for, look),
        *_unbuilt(tables, running),
        *_old(asked_for, max_age),
        *_of_records(look, tenant_id),
    ]
    return [Condition(tenant_id, *what) for what in found]


def noticed(look: Look, tenant_id: int) -> list[Condition]:
    """The fields of a tenant's records that are otherwise than known: no fault of the mirror, but news."""
    found = []
    for row in look.inventory.drift(tenant_id):
        field = f"{row['entity']}.{row['field']}"
        found.append(Condition(tenant_id, "drift", field, row["since"], _DRIFT[row["change"]]))
    return found


def said(found: Iterable[Condition]) -> list[str]:
    """The conditions as lines, those with the same sentence on one."""
    lines, found = [], [*found]
    for noun, total in (("modules", len(STANDARD)), ("tables", len(PUBLISHED)), ("fields", math.inf)):
        lines += together([(one.subject, one.sentence) for one in found if _sort(one) == noun], total, noun)
    return lines


def _sort(condition: Condition) -> str:
    if condition.kind == "drift":
        return "fields"
    return "tables" if condition.kind in OF_TABLES else "modules"


def _failed(modules: Sequence[ModuleState], running: str | None) -> Found:
    refused = [module for module in modules if str(module.error).startswith(CREDENTIALS_REFUSED)]
    if refused:  # once, and not for each module
        since = min((module.failing_since for module in refused if module.failing_since), default=None)
        yield "token", "token", since, str(refused[0].error)
    for module in modules:
        if module in refused:
            continue
        if module.status == "failed" and not (module.refused and UNMARKED in str(module.error)):
            yield "failed", module.module, module.failing_since, module.error or "failed: see st_sync_log"
        elif module.status == "abandoned" or (module.status == "started" and not running):
            since = module.failing_since or module.started_at
            yield "abandoned", module.module, since, "was cut off; the next sync goes on from there"


def _guarded(look: Look, tenant_id: int) -> Found:
    name = look.inventory.names.get(tenant_id)
    tenant = name if name != str(tenant_id) else None
    for row in look.inventory.guarded(tenant_id):
        records = many(row["records"], "record")
        what = f"{records} no longer listed, {UNMARKED}: too many at once. If they are really gone, run once: "
        yield "guard", row["module"], row["since"], f"{what}{allowing(row['module'], tenant)}"


def _missing(tables: Iterable[TableState], look: Look) -> Found:
    for table in tables:
        if not look.inventory.exists(table.table):
            yield "missing", table.table, None, "is not there; the next sync builds it"


def _unbuilt(tables: Iterable[TableState], running: str | None) -> Found:
    for table in tables:
        if table.pending_loads and not running:
            loads = many(table.pending_loads, "load")
            what = f"{loads} landed and not built, and no sync is at work; the next sync builds them"
            yield "unbuilt", table.table, None, what


def _old(tables: Iterable[TableState], max_age: timedelta | None) -> Found:
    if not max_age:
        return
    for table in tables:
        if table.age_seconds is None or not table.read_until:
            yield "old", table.table, None, "never read completely; see that a sync comes to its end"
        elif table.age_seconds > max_age.total_seconds() + table.pause_seconds:
            age = duration(table.age_seconds)
            what = f"the data is {age} old; see that syncs run as planned, and how the last one ended"
            yield "old", table.table, table.read_until + max_age + timedelta(seconds=table.pause_seconds), what


def _of_records(look: Look, tenant_id: int) -> Found:
    for entity in ENTITIES:
        of = [] if entity.companion_of else members(tenant_id, entity)
        shown = entity.table if entity in look.inventory.published else entity.name
        values, records = open_of(look.inventory.failures, of), open_of(look.inventory.rejected, of)
        if values.amount:
            what = f"{many(values.amount, 'value')} could not be converted: see st_sync_failures"
            yield "failures", shown, values.since, what
        if records.amount:
            what = f"{many(records.amount, 'record')} could not land: see st_rejected_records"
            yield "rejected", shown, records.since, what


_DRIFT = {
    "new": "came, and ServiceTitan's specification of May 2026 does not know it: see st_schema_drift",
    "retyped": "came with another type than ServiceTitan's specification of May 2026 has: see st_schema_drift",
    "vanished": "came before, and in no record of a full sync any more: see st_schema_drift",
}

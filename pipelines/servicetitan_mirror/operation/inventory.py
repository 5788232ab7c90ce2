"""What the database holds, as its user may read it: rows, cursors, pending loads, failures, and the sync log.

Every answer goes by tenant. What this user may not read is None.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from psycopg2.extensions import connection as Connection
from psycopg2.extras import RealDictCursor

from servicetitan_mirror.entities import ENTITIES, OPTIONAL, PUBLISHED, Entity
from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.postgres.analysts import ANALYSTS
from servicetitan_mirror.postgres.warehouse import RAW, query
from servicetitan_mirror.raw import pending_loads
from servicetitan_mirror.raw.log import MODELS

RUNS = 5
Of = tuple[int, str]  # a tenant and an entity
Moment = datetime | None


class Open(NamedTuple):
    """How much is open, and since when the first of it."""

    amount: int | None
    since: Moment


class Inventory:
    """One look at a database, and what it was once asked for.

    Raises:
        ConfigurationError: there is a sync log, and this user may not read it.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        there = dict(query(connection, _RELATIONS, {"raw": RAW}))
        self._there = frozenset(there)
        self._readable = frozenset(name for name, readable in there.items() if readable)
        self._log = self._first(f"{RAW}.sync_log", "public.st_sync_log")
        ((self.now, user),) = query(connection, "select now(), quote_ident(current_user)")
        if not self._log and f"{RAW}.sync_log" in there:
            raise ConfigurationError(f"{user} may not read the sync log. To allow it: grant {ANALYSTS} to {user}")

    def exists(self, table: str) -> bool:
        """Whether the published table is there."""
        return f"public.{table}" in self._there

    def may_read(self, table: str) -> bool:
        """Whether the published table is there and may be read."""
        return f"public.{table}" in self._readable

    @cached_property
    def published(self) -> tuple[Entity, ...]:
        """The entities with a table of their own: the fifteen, and of the optional ones those that have theirs."""
        return (*PUBLISHED, *(entity for entity in OPTIONAL if self.exists(entity.table)))

    def tenants(self) -> list[int]:
        """All tenants for which a sync ever began."""
        return [tenant for (tenant,) in query(self._connection, _TENANTS.format(log=self._log))] if self._log else []

    @cached_property
    def names(self) -> dict[int, str]:
        """The names of the tenants, as far as they are known."""
        place = self._first(f"{RAW}.tenants", "public.st_tenants")
        return dict(query(self._connection, f"select tenant_id, name from {place}")) if place else {}

    @cached_property
    def zones(self) -> dict[int, str]:
        """The names of the tenants' time zones, as far as they are known."""
        place = self._first("public.st_tenants")
        zones = "select tenant_id, to_jsonb(known) ->> 'time_zone' from {} as known"  # the column may have to come yet
        found = query(self._connection, zones.format(place)) if place else []
        return {tenant: zone for tenant, zone in found if zone}

    def rows(self) -> dict[Of, tuple[int, int]]:
        """By tenant and published table: the rows that are not deleted, and those that are."""
        count = "select '{0}', tenant_id, count(*) - count(deleted_at), count(deleted_at) from public.{0} group by 2"
        tables = [entity.table for entity in self.published]
        counts = [count.format(table) for table in tables if self.may_read(table)]
        rows = query(self._connection, " union all ".join(counts)) if counts else []
        return {(tenant, table): (alive, deleted) for table, tenant, alive, deleted in rows}

    @cached_property
    def cursors(self) -> dict[Of, tuple[Moment, Moment]]:
        """Of each entity until when its lists were read, and their last full reads: those of the list furthest behind.

        Where the cursors may not be read, what the log says of the entity stands in for them.
        """
        if cursors := self._first(f"{RAW}.sync_cursors"):
            rows = query(self._connection, _CURSORS.format(cursors=cursors))
        else:
            rows = query(self._connection, _CURSORS_BY_LOG.format(log=self._log)) if self._log else []
        return {(tenant, entity): (read_until, last_full) for tenant, entity, read_until, last_full in rows}

    @cached_property
    def let_go(self) -> dict[Of, datetime]:
        """Since when entities are no longer chosen, and so not kept fresh."""
        return {(tenant, entity): since for tenant, entity, since, _ in self._choice if since}

    @cached_property
    def pauses(self) -> dict[Of, timedelta]:
        """How long entities rest between two reads, at least."""
        return {(tenant, entity): timedelta(seconds=pause or 0) for tenant, entity, _, pause in self._choice}

    @cached_property
    def _choice(self) -> list[tuple[int, str, Moment, float | None]]:
        cursors = self._first(f"{RAW}.sync_cursors")
        return query(self._connection, _CHOICE.format(cursors=cursors)) if cursors else []

    @cached_property
    def pending(self) -> dict[Of, int] | None:
        """How many loads of each entity were not built yet."""
        return pending_loads.counts(self._connection) if self._first(pending_loads.TABLE) else None

    @cached_property
    def failures(self) -> dict[Of, Open] | None:
        """The values of each entity that could not be converted and were not mended since."""
        return self._count("module", "healed_at is null", f"{RAW}.sync_failures", "public.st_sync_failures")

    @cached_property
    def rejected(self) -> dict[Of, Open] | None:
        """The records of each entity that could not land and did not since."""
        if shown := self._first("public.st_rejected_records"):
            return self._count("module", "healed_at is null", shown)
        still = "to_jsonb(rejected_records) ->> 'healed_at' is null"  # an older version has no such column
        return self._count("entity", still, f"{RAW}.rejected_records")

    def modules(self, tenant_id: int, running: bool) -> list[dict[str, Any]]:
        """The latest row of each module; while a sync is at work, the latest that it has not just begun."""
        names = [entity.name for entity in (*ENTITIES, MODELS)]
        return self.ask(_LATEST, tenant_id=tenant_id, running=running, names=names)

    def guarded(self, tenant_id: int) -> list[dict[str, Any]]:
        """The modules of which the last full reads that ended left records unmarked: how many, and since when."""
        return self.ask(_GUARDED, tenant_id=tenant_id)

    def runs(self, tenant_id: int, runs: int = RUNS) -> list[dict[str, Any]]:
        """The last runs, the latest first."""
        return self.ask(_RUNS, tenant_id=tenant_id, rows=runs * (len(ENTITIES) + 1), runs=runs)

    def last_error(self, tenant_id: int) -> list[dict[str, Any]]:
        """The last error, if the log has one."""
        return self.ask(_LAST_ERROR, tenant_id=tenant_id)

    def ask(self, statement: str, **values: object) -> list[dict[str, Any]]:
        """The rows of a statement on the sync log, which it names `{log}`; none where there is no log."""
        if not self._log:
            return []
        with self._connection.cursor(cursor_factory=RealDictCursor) as cursor:
            cursor.execute(statement.format(log=self._log), values)
            return [dict(row) for row in cursor.fetchall()]

    def failing(self, tenant_id: int) -> list[tuple[str, str | None, str, int, str | None, datetime]]:
        """What is open of single records: module, column, reason, how many, the id of one, since when.

        The column is None where the whole record could not land. What this user may not read is not among it.
        """
        parts = []
        if values := self._first(f"{RAW}.sync_failures", "public.st_sync_failures"):
            parts.append(_FAILING.format(place=values, column='"column"', id="st_id"))
        if records := self._first("public.st_rejected_records"):
            parts.append(_FAILING.format(place=records, column="null", id="id"))
        return query(self._connection, " union all ".join(parts), {"tenant": tenant_id}) if parts else []

    def drift(self, tenant_id: int) -> list[dict[str, Any]]:
        """The fields that are otherwise than known: entity, field, change, since when; as far as this user may know."""
        if raw := self._first(f"{RAW}.schema_drift"):
            return self.ask(_DRIFT.format(entity="entity", place=raw), tenant=tenant_id)
        shown = self._first("public.st_schema_drift")
        return self.ask(_DRIFT.format(entity="module", place=shown), tenant=tenant_id) if shown else []

    def _first(self, *places: str) -> str | None:
        return next((place for place in places if place in self._readable), None)

    def _count(self, entity: str, condition: str, *places: str) -> dict[Of, Open] | None:
        if not (place := self._first(*places)):
            return None
        counts = f"count(*), min(first_seen_at) from {place} where {condition}"
        rows = query(self._connection, f"select tenant_id, {entity}, {counts} group by 1, 2")
        return {(tenant, name): Open(count, since) for tenant, name, count, since in rows}


_RELATIONS = """
select nspname || '.' || relname,
    has_schema_privilege(pg_namespace.oid, 'usage') and has_table_privilege(pg_class.oid, 'select')
from pg_class join pg_namespace on pg_namespace.oid = relnamespace
where nspname = %(raw)s or nspname = 'public' and relname like 'st\\_%%'
"""
_TENANTS = "select distinct tenant_id from {log} order by 1"
_FAILING = """
select module, {column}::text, reason, count(*), min({id}::text), min(first_seen_at)
from {place} where tenant_id = %(tenant)s and healed_at is null group by 1, 2, 3
"""
_DRIFT = """
select {entity} || coalesce('.' || nullif(entity_type, ''), '') as entity, field, change, first_seen_at as since
from {place} where tenant_id = %(tenant)s and ended_at is null order by 1, 3, 2
"""
_CURSORS = """
select tenant_id, entity, case when bool_and(cursor is not null) then min(cursor) end,
    case when bool_and(full_synced_at is not null) then min(full_synced_at) end
from {cursors} group by 1, 2
"""
_CHOICE = """
select tenant_id, entity, max((to_jsonb(kept) ->> 'let_go_at')::timestamptz), -- an older version has neither
    max((to_jsonb(kept) ->> 'pause_seconds')::float)
from {cursors} as kept group by 1, 2
"""
_CURSORS_BY_LOG = """
select tenant_id, module, max(cursor_to), max(started_at) filter (where sync_type = 'full')
from {log} where status = 'completed' group by 1, 2
"""
_LATEST = """
select latest.* from unnest(%(names)s::text[]) with ordinality as module (name, place)
cross join lateral (
    select module, status, started_at, completed_at, error_message as error,
        case status
            when 'completed' then array(select distinct value from jsonb_each_text(error_details)) else '{{}}'
        end as notes,
        coalesce((to_jsonb(latest) ->> 'deletions_refused')::bigint, 0) as refused, -- an older version has none
        (
            select min(worse.started_at) from {log} as worse
            where worse.tenant_id = latest.tenant_id and worse.module = name and worse.status in ('failed', 'abandoned')
                and worse.started_at <= latest.started_at and worse.started_at > coalesce((
                    select max(started_at) from {log}
                    where tenant_id = %(tenant_id)s and module = name and status = 'completed'
                ), '-infinity')
        ) as failing_since
    from {log} as latest where tenant_id = %(tenant_id)s and module = name and not (%(running)s and status = 'started')
    order by started_at desc limit 1
) as latest order by place
"""
_GUARDED = """
with refusing as (
    select module, started_at, (to_jsonb(log) ->> 'deletions_refused')::bigint as refused, max(started_at) filter (
        where status = 'completed'
    ) over (partition by module) as allowed_at
    from {log} as log where tenant_id = %(tenant_id)s and sync_type = 'full'
)
select module, min(started_at) as since, (array_agg(refused order by started_at desc))[1] as records
from refusing where refused > 0 and started_at > coalesce(allowed_at, '-infinity') group by module
"""
_RUNS = """
select min(started_at) as started_at, max(triggered_by) as triggered_by,
    coalesce(max(sync_type) filter (where module <> 'models'), max(sync_type)) as sync_type,
    count(*) as modules, count(*) filter (where status in ('failed', 'abandoned')) as failed,
    sum(records_fetched)::bigint as fetched, sum(records_created + records_updated)::bigint as changed,
    sum(records_deleted)::bigint as deleted,
    extract(epoch from max(completed_at) - min(started_at))::float as seconds
from (select * from {log} where tenant_id = %(tenant_id)s order by started_at desc limit %(rows)s) as latest
group by run_id order by 1 desc limit %(runs)s
"""
_LAST_ERROR = """
select module, coalesce(completed_at, started_at) as at, error_message as message from {log}
where tenant_id = %(tenant_id)s and error_message is not null order by started_at desc limit 1
"""

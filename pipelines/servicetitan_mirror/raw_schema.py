"""The tables of `raw_servicetitan`.

dlt makes its own tables; the landed ones are made here, because they need what dlt does not make: a key over
several columns before the first merge, an index on `_dlt_load_id`, and `first_seen_at`, which dlt's merge leaves
alone because it does not know the column. Companions also keep `former_parents`, so that a contact that moves is
missed by the customer that it leaves. So are the staging tables made here: what is in them is thrown away, so they need
neither a log nor vacuuming nor compression, which halves the time of a copy.

Every statement here may run again: a change of this file reaches databases that are there already. The digest of the
statements that were run last is in the comment of a table, so that a sync with nothing to change asks only for that.
A new column is an `alter table ... add column if not exists` after its table.
"""

from __future__ import annotations

import hashlib
import math
import re
import time

import psycopg2
from psycopg2.extensions import connection as Connection

from servicetitan_mirror.analysts import ANALYSTS
from servicetitan_mirror.entities import ENTITIES, Entity
from servicetitan_mirror.warehouse import LOCK_SPACE, RAW, query, transaction

STAGING = f"{RAW}_staging_{{}}"  # of a tenant


def prepare(connection: Connection, patience: int = 60) -> None:
    """Bring the raw schema up to date. A landed table that had to be made forgets its cursors.

    Args:
        patience: seconds to wait for whoever holds a table that has to change; 0 is no limit.

    Raises:
        psycopg2.errors.LockNotAvailable: somebody held it for longer.
    """
    deadline = time.monotonic() + (patience or math.inf)
    while not _is_up_to_date(_comments(connection, RAW)):
        try:
            with transaction(connection):  # a table that is there must never have the cursors of the one before it
                _apply(connection)
        except psycopg2.errors.LockNotAvailable:
            if time.monotonic() >= deadline:
                raise
            time.sleep(0.2)


def _apply(connection: Connection) -> None:
    query(connection, "select pg_advisory_xact_lock(%s, 1)", (LOCK_SPACE,))  # one tenant's sync at a time
    known = _comments(connection, RAW)
    if _is_up_to_date(known):
        return
    if ours := [f"{RAW}.{name}" for name in known if name in TABLES]:
        # another tenant's sync may hold some and wait for others: never wait for one while holding another
        query(connection, f"lock table {', '.join(ours)} in access exclusive mode nowait")
    if not known:  # who may not make schemas may be given one
        query(connection, _schema(RAW))
    query(connection, _BOOKKEEPING)
    for entity in ENTITIES:
        query(connection, _landed_table(entity))
        if entity.name not in known:
            query(connection, f"delete from {RAW}.sync_cursors where entity = %s", (entity.name,))
    query(connection, f"comment on table {RAW}.{_MARKED} is %s", (_mark(_ddl()),))


def _schema(name: str) -> str:
    """Unlike `create schema if not exists`, it needs no right where there is nothing to make."""
    return f"do $$ begin if to_regnamespace('{name}') is null then create schema {name}; end if; end $$"


def _is_up_to_date(comments: dict[str, str]) -> bool:
    return comments.keys() >= TABLES and comments[_MARKED] == _mark(_ddl())


def _comments(connection: Connection, schema: str) -> dict[str, str]:
    """The schema's tables with their comments."""
    rows = query(
        connection,
        """
        select relname, coalesce(obj_description(oid, 'pg_class'), '') from pg_class
        where relnamespace = to_regnamespace(%s) and relkind in ('r', 'p')
        """,
        (schema,),
    )
    return dict(rows)


def _mark(ddl: str) -> str:
    return f"Made by {hashlib.sha256(ddl.encode()).hexdigest()[:16]} of the ServiceTitan mirror."


def _ddl() -> str:
    return _BOOKKEEPING + "".join(map(_landed_table, ENTITIES))


def prepare_staging(connection: Connection, tenant_id: int) -> None:
    """Bring the tenant's staging tables up to date: tenants may sync at once, and none may empty another's."""
    schema = STAGING.format(tenant_id)
    known = _comments(connection, schema)
    mark = _mark(_ddl() + _staging_table("", ENTITIES[0]))
    outdated = [entity for entity in ENTITIES if known.get(entity.name) != mark]
    if outdated:
        with transaction(connection):
            if not known:
                query(connection, _schema(schema))
            for entity in outdated:
                query(connection, _staging_table(schema, entity))
                query(connection, f"comment on table {schema}.{entity.name} is %s", (mark,))


def landed_entities(connection: Connection, tenant_id: int) -> set[str]:
    """The entities of which anything of the tenant has landed."""
    landed = "select '{0}' where exists (select from {1}.{0} where tenant_id = %(tenant_id)s)"
    statement = " union all ".join(landed.format(entity.name, RAW) for entity in ENTITIES)
    try:
        return {name for (name,) in query(connection, statement, {"tenant_id": tenant_id})}
    except psycopg2.errors.LockNotAvailable:  # of one of them; what lands in it is merged, whatever it holds
        return {entity.name for entity in ENTITIES}


def _staging_table(schema: str, entity: Entity) -> str:
    return f"""
        drop table if exists {schema}.{entity.name};
        create unlogged table {schema}.{entity.name} (
            like {RAW}.{entity.name}
        ) with (autovacuum_enabled = false, toast.autovacuum_enabled = false);
        alter table {schema}.{entity.name} drop column first_seen_at, drop column if exists former_parents,
            alter column record set storage external;
    """


def _landed_table(entity: Entity) -> str:
    owner = "entity_type text not null," if entity.has_owners else ""
    return f"""
        create table if not exists {RAW}.{entity.name} (
            tenant_id bigint not null,
            {owner}
            id bigint not null,
            modified_on timestamptz,
            deleted_at timestamptz,
            record jsonb not null,
            _dlt_load_id varchar not null,
            first_seen_at timestamptz not null default now(),
            primary key ({", ".join(entity.key)})
        );
        create index if not exists {entity.name}__dlt_load_id_idx on {RAW}.{entity.name} (_dlt_load_id);
        {_of_parent(entity.name, entity.parent) if entity.parent else ""}
    """


def _of_parent(companion: str, parent: str) -> str:
    return f"""
        drop index if exists {RAW}.{companion}_tenant_id_expr_idx;
        create index if not exists {companion}_of_parent
            on {RAW}.{companion} (tenant_id, {RAW}.whole_number(record ->> '{parent}'));
        alter table {RAW}.{companion} add column if not exists former_parents text[];
        create or replace trigger moved before update on {RAW}.{companion} for each row
        when ({RAW}.whole_number(old.record ->> '{parent}')
            is distinct from {RAW}.whole_number(new.record ->> '{parent}'))
        execute function {RAW}.keep_former_parent('{parent}');
    """


# Indexes hold what it returned, so a change of it takes another name.
_WHOLE_NUMBER = rf"""
create or replace function {RAW}.whole_number(value text) returns bigint
immutable parallel safe language sql as $$select case
    when value ~ '^[1-9][0-9]{{0,17}}$' then value::bigint
    when value ~ '^[ \t\n\r]*-?(0|[1-9][0-9]{{0,99}})([.][0-9]{{1,99}})?([eE][-+]?[0-9]{{1,3}})?[ \t\n\r]*$' then case
        when value::numeric = trunc(value::numeric)
            and value::numeric between -9223372036854775808 and 9223372036854775807 then value::numeric::bigint
    end
end$$;
comment on function {RAW}.whole_number is
    'The 64-bit integer that a JSON number, or a text that is one, stands for: 123, 123.0 and 1.23e2 are the same id.';
"""
_BOOKKEEPING = f"""
do $$ begin
    if not exists (select from pg_roles where rolname = '{ANALYSTS}') then
        create role {ANALYSTS} nologin;
        comment on role {ANALYSTS} is 'May read what the ServiceTitan mirror publishes.';
    end if;
exception when insufficient_privilege or unique_violation or duplicate_object then
    null; -- whoever owns the server may make it
end $$;
{_WHOLE_NUMBER}
create or replace function {RAW}.keep_former_parent() returns trigger language plpgsql as $$ declare
    former text := {RAW}.whole_number(old.record ->> tg_argv[0]);
begin
    if former is not null then
        new.former_parents := array_remove(old.former_parents, former) || former;
    end if;
    return new;
end $$;
create table if not exists {RAW}.sync_log (
    id uuid primary key default gen_random_uuid(),
    run_id uuid not null,
    tenant_id bigint not null,
    module text not null,
    sync_type text not null,
    status text not null,
    records_fetched bigint not null default 0,
    records_created bigint not null default 0,
    records_updated bigint not null default 0,
    records_unchanged bigint not null default 0,
    records_deleted bigint not null default 0,
    records_failed bigint not null default 0,
    started_at timestamptz not null default clock_timestamp(),
    completed_at timestamptz,
    duration_ms bigint,
    error_message text,
    error_details jsonb,
    triggered_by text not null,
    parameters jsonb not null default '{{}}',
    api_calls bigint not null default 0,
    throttled_calls bigint not null default 0,
    cursor_from timestamptz,
    cursor_to timestamptz,
    unique (run_id, module)
);
alter table {RAW}.sync_log add column if not exists failures_open bigint not null default 0;
create index if not exists sync_log_module on {RAW}.sync_log (tenant_id, module, started_at desc);
create index if not exists sync_log_status on {RAW}.sync_log (status);
create index if not exists sync_log_started_at on {RAW}.sync_log (started_at desc);
create table if not exists {RAW}.sync_cursors (
    tenant_id bigint not null,
    list text not null,
    entity text not null,
    cursor timestamptz,
    full_due boolean not null default true,
    full_synced_at timestamptz,
    primary key (tenant_id, list)
);
alter table {RAW}.sync_cursors
    add column if not exists refused text[] not null default '{{}}',
    add column if not exists rejected_since timestamptz,
    add column if not exists rejected_asked_at timestamptz,
    add column if not exists rejected_asked_seconds double precision;
create table if not exists {RAW}.pending_loads (
    tenant_id bigint not null,
    entity text not null,
    load_id text not null,
    primary key (tenant_id, entity, load_id)
);
create table if not exists {RAW}.built_models (
    model text primary key,
    files text not null
);
create table if not exists {RAW}.kept_merges (
    model text primary key,
    statement text not null
);
create table if not exists {RAW}.sync_failures (
    tenant_id bigint not null,
    module text not null,
    entity_type text not null default '',
    st_id bigint not null,
    "column" text not null,
    value text not null,
    reason text not null,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    healed_at timestamptz,
    primary key (tenant_id, module, entity_type, st_id, "column")
);
create index if not exists sync_failures_open on {RAW}.sync_failures (module) where healed_at is null;
create table if not exists {RAW}.rejected_records (
    tenant_id bigint not null,
    entity text not null,
    entity_type text not null default '',
    fingerprint text not null,
    reason text not null,
    record text not null,
    first_seen_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    primary key (tenant_id, entity, entity_type, fingerprint)
);
alter table {RAW}.rejected_records
    add column if not exists id text,
    add column if not exists healed_at timestamptz;
"""
_MARKED = "sync_log"  # its comment says which statements were run last
TABLES = {entity.name for entity in ENTITIES}.union(
    re.findall(rf"create table if not exists {RAW}\.(\w+)", _BOOKKEEPING)
)

"""The tables of `raw_servicetitan`.

dlt makes its own tables; the landed ones are made here, because they need what dlt does not make: a key over
several columns before the first merge, an index on `_dlt_load_id`, and `first_seen_at`, which dlt's merge leaves
alone because it does not know the column. Companions also keep `former_parents`, so that a contact that moves is
missed by the customer that it leaves. So are the staging tables made here: what is in them is thrown away, so they need
neither a log nor vacuuming nor compression, which halves the time of a copy.
"""

from __future__ import annotations

import re

from psycopg2.extensions import connection as Connection

from servicetitan_mirror.entities import ENTITIES, Entity
from servicetitan_mirror.warehouse import RAW, query, transaction

STAGING = f"{RAW}_staging_{{}}"  # of a tenant
_TABLE = rf"create table if not exists {RAW}\.(\w+)"


def prepare(connection: Connection) -> None:
    """Make what is missing of the raw schema. A landed table that had to be made forgets its cursors."""
    known = {name for (name,) in query(connection, "select tablename from pg_tables where schemaname = %s", (RAW,))}
    if known.issuperset(entity.name for entity in ENTITIES) and known.issuperset(re.findall(_TABLE, _BOOKKEEPING)):
        return
    with transaction(connection):  # a table that is there must never have the cursors of the one before it
        query(connection, f"create schema if not exists {RAW}; {_BOOKKEEPING}")
        for entity in ENTITIES:
            if entity.name not in known:
                query(connection, _landed_table(entity))
                query(connection, f"delete from {RAW}.sync_cursors where entity = %s", (entity.name,))


def prepare_staging(connection: Connection, tenant_id: int) -> None:
    """Make what is missing of the tenant's staging tables: tenants may sync at once, and none may empty another's."""
    schema = STAGING.format(tenant_id)
    known = {name for (name,) in query(connection, "select tablename from pg_tables where schemaname = %s", (schema,))}
    missing = [_staging_table(schema, entity) for entity in ENTITIES if entity.name not in known]
    if missing:
        query(connection, f"create schema if not exists {schema}; {''.join(missing)}")


def landed_entities(connection: Connection, tenant_id: int) -> set[str]:
    """The entities of which anything of the tenant has landed."""
    landed = "select '{0}' where exists (select from {1}.{0} where tenant_id = %(tenant_id)s)"
    statement = " union all ".join(landed.format(entity.name, RAW) for entity in ENTITIES)
    return {name for (name,) in query(connection, statement, {"tenant_id": tenant_id})}


def _staging_table(schema: str, entity: Entity) -> str:
    return f"""
        create unlogged table {schema}.{entity.name} (
            like {RAW}.{entity.name}
        ) with (autovacuum_enabled = false, toast.autovacuum_enabled = false);
        alter table {schema}.{entity.name} drop column first_seen_at, drop column if exists former_parents,
            alter column record set storage external;
    """


def _landed_table(entity: Entity) -> str:
    owner = "entity_type text not null," if entity.has_owners else ""
    return f"""
        create table {RAW}.{entity.name} (
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
        create index on {RAW}.{entity.name} (_dlt_load_id);
        {_of_parent(entity.name, entity.parent) if entity.parent else ""}
    """


def _of_parent(companion: str, parent: str) -> str:
    return f"""
        create index on {RAW}.{companion} (tenant_id, (record ->> '{parent}'));
        alter table {RAW}.{companion} add column former_parents text[];
        create trigger moved before update on {RAW}.{companion} for each row
        when (old.record ->> '{parent}' is distinct from new.record ->> '{parent}')
        execute function {RAW}.keep_former_parent('{parent}');
    """


ANALYSTS = "servicetitan_analyst"
_BOOKKEEPING = f"""
do $$ begin
    if not exists (select from pg_roles where rolname = '{ANALYSTS}') then
        create role {ANALYSTS} nologin;
        comment on role {ANALYSTS} is 'May read what the ServiceTitan mirror publishes.';
    end if;
exception when insufficient_privilege or unique_violation or duplicate_object then
    null; -- whoever owns the server may make it
end $$;
create or replace function {RAW}.keep_former_parent() returns trigger language plpgsql as $$ begin
    new.former_parents := array_remove(old.former_parents, old.record ->> tg_argv[0]) || (old.record ->> tg_argv[0]);
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
"""

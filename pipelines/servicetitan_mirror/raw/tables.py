"""The tables of `raw_servicetitan` as statements, each of which may run again.

dlt makes its own tables; the landed ones are made here, because they need what dlt does not make: a key over
several columns before the first merge, an index on `_dlt_load_id`, and `first_seen_at`, which dlt's merge leaves
alone because it does not know the column. Companions also keep `former_parents`, so that a contact that moves is
missed by the customer that it leaves. So are the staging tables made here: what is in them is thrown away, so they need
neither a log nor vacuuming nor compression, which halves the time of a copy.

A new column is an `alter table ... add column if not exists` after its table.
"""

from __future__ import annotations

import re

from servicetitan_mirror.entities import ENTITIES, Entity
from servicetitan_mirror.postgres.analysts import ANALYSTS
from servicetitan_mirror.postgres.warehouse import RAW


def staging_table(schema: str, entity: Entity) -> str:
    """The statements that make a tenant's staging table of an entity anew."""
    return f"""
        drop table if exists {schema}.{entity.name};
        create unlogged table {schema}.{entity.name} (
            like {RAW}.{entity.name}
        ) with (autovacuum_enabled = false, toast.autovacuum_enabled = false);
        alter table {schema}.{entity.name} drop column first_seen_at, drop column if exists former_parents,
            alter column record set storage external;
    """


def landed_table(entity: Entity) -> str:
    """The statements that make the table in which an entity lands."""
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
        {_of_parent(entity.name, entity.parent_id) if entity.parent_id else ""}
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
BOOKKEEPING = f"""
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
TABLES = {entity.name for entity in ENTITIES}.union(
    re.findall(rf"create table if not exists {RAW}\.(\w+)", BOOKKEEPING)
)

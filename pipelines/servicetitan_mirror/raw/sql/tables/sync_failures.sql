-- Values that no typed column could take, until a later version of their record heals them.
create table if not exists raw_servicetitan.sync_failures (
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
create index if not exists sync_failures_open on raw_servicetitan.sync_failures (module) where healed_at is null;

-- Keys of records that are otherwise than the specification and earlier full reads have them.
create table if not exists raw_servicetitan.schema_drift (
    tenant_id bigint not null,
    entity text not null,
    entity_type text not null default '',
    field text not null,
    change text not null,
    type text,
    known_type text,
    records bigint not null,
    first_seen_at timestamptz not null default now(),
    ended_at timestamptz,
    primary key (tenant_id, entity, entity_type, field, change)
);

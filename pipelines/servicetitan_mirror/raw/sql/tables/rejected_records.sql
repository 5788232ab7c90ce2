-- Records that cannot land, and why.
create table if not exists raw_servicetitan.rejected_records (
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
alter table raw_servicetitan.rejected_records
    add column if not exists id text,
    add column if not exists healed_at timestamptz;

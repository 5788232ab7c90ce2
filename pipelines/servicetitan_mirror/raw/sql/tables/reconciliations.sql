-- What each reconciliation has found of each entity, and mended.
create table if not exists raw_servicetitan.reconciliations (
    id uuid primary key default gen_random_uuid(),
    tenant_id bigint not null,
    module text not null,
    reconciled_at timestamptz not null default clock_timestamp(),
    deep boolean not null,
    source_total bigint,
    mirror_total bigint not null,
    missing bigint not null,
    extra bigint not null,
    stale bigint not null,
    fixed bigint not null,
    ids jsonb not null,
    problem text
);
create index if not exists reconciliations_module
    on raw_servicetitan.reconciliations (tenant_id, module, reconciled_at desc);

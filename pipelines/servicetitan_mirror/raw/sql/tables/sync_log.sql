-- One row per run and module.
create table if not exists raw_servicetitan.sync_log (
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
    parameters jsonb not null default '{}',
    api_calls bigint not null default 0,
    throttled_calls bigint not null default 0,
    cursor_from timestamptz,
    cursor_to timestamptz,
    unique (run_id, module)
);
alter table raw_servicetitan.sync_log
    add column if not exists failures_open bigint not null default 0,
    add column if not exists version text,
    add column if not exists deletions_refused bigint not null default 0;
create index if not exists sync_log_module on raw_servicetitan.sync_log (tenant_id, module, started_at desc);
create index if not exists sync_log_status on raw_servicetitan.sync_log (status);
create index if not exists sync_log_started_at on raw_servicetitan.sync_log (started_at desc);

-- How far each list of an entity was read, and what it is asked for again.
create table if not exists raw_servicetitan.sync_cursors (
    tenant_id bigint not null,
    list text not null,
    entity text not null,
    cursor timestamptz,
    full_due boolean not null default true,
    full_synced_at timestamptz,
    primary key (tenant_id, list)
);
alter table raw_servicetitan.sync_cursors
    add column if not exists refused text[] not null default '{}',
    add column if not exists rejected_since timestamptz,
    add column if not exists rejected_asked_at timestamptz,
    add column if not exists rejected_asked_seconds double precision,
    add column if not exists token text, -- where a feed goes on, by its own word
    add column if not exists pause_seconds double precision not null default 0, -- between two reads, at least
    add column if not exists let_go_at timestamptz; -- when it was no longer chosen

-- The tenants of this database, by the names that the settings give them; one without a name is called by its id.
create table if not exists raw_servicetitan.tenants (
    tenant_id bigint primary key,
    name text not null,
    first_synced_at timestamptz not null default now()
);
insert into raw_servicetitan.tenants (tenant_id, name)
select distinct tenant_id, tenant_id::text from raw_servicetitan.sync_cursors
on conflict do nothing;
alter table raw_servicetitan.tenants
    add column if not exists personal_data text,
    add column if not exists time_zone text;

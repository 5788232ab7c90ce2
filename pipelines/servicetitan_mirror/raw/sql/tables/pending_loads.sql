-- Loads of which tables have still to be built.
create table if not exists raw_servicetitan.pending_loads (
    tenant_id bigint not null,
    entity text not null,
    load_id text not null,
    primary key (tenant_id, entity, load_id)
);

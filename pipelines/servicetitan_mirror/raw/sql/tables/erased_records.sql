-- Customers that were erased, with their locations. What is read of them later lands without what is personal.
create table if not exists raw_servicetitan.erased_records (
    tenant_id bigint not null,
    entity text not null,
    id bigint not null,
    erased_at timestamptz not null default now(),
    primary key (tenant_id, entity, id)
);

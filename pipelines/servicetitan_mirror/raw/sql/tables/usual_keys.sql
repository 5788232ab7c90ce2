-- The keys that most records of a list had in its last full read.
create table if not exists raw_servicetitan.usual_keys (
    tenant_id bigint not null,
    entity text not null,
    entity_type text not null default '',
    fields text[] not null,
    primary key (tenant_id, entity, entity_type)
);

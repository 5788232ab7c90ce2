-- What was said to webhooks, or is to be. `told` are the digests of those that know of it and not yet that it is over.
create table if not exists raw_servicetitan.alerts (
    id bigint generated always as identity primary key,
    tenant_id bigint not null,
    kind text not null,
    subject text not null,
    sentence text not null,
    since timestamptz,
    found_at timestamptz not null default now(),
    said_at timestamptz,
    over_at timestamptz,
    told text[] not null default '{}'
);

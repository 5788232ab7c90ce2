-- The layouts that this schema has had since they have numbers, and the version of the program that made each.
create table if not exists raw_servicetitan.layouts (
    layout integer primary key,
    version text not null,
    made_at timestamptz not null default now()
);

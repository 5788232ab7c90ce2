-- What dbt's manifest says of the project with these files, which it would take seconds to say again.
create table if not exists raw_servicetitan.dbt_lineage (
    files text primary key,
    nodes jsonb not null,
    problem text
);

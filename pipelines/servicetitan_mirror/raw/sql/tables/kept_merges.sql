-- The statement that dbt would run to bring a table up to date.
create table if not exists raw_servicetitan.kept_merges (
    model text primary key,
    statement text not null
);

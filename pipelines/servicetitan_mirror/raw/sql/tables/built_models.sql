-- Of which files each model was built, when rows of it changed or, of a user's model, when it ran, and why it failed.
create table if not exists raw_servicetitan.built_models (
    model text primary key,
    files text not null
);
alter table raw_servicetitan.built_models
    add column if not exists changed_at timestamptz,
    add column if not exists problem text;

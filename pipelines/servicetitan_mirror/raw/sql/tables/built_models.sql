-- Of which files each model was built.
create table if not exists raw_servicetitan.built_models (
    model text primary key,
    files text not null
);

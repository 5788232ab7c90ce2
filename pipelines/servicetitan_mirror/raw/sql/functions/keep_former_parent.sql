-- A companion that moves to another parent is to be taken away from the one that it leaves.
create or replace function raw_servicetitan.keep_former_parent() returns trigger language plpgsql as $$ begin
    new.former_parents := raw_servicetitan.former_parents(
        old.former_parents, old.record ->> tg_argv[0], new.record ->> tg_argv[0]
    );
    return new;
end $$;
comment on function raw_servicetitan.keep_former_parent is
    'Trigger: remembers the id in the field that its argument names, before the record names another one.';

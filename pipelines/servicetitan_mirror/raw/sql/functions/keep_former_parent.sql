-- A companion that moves to another parent is to be taken away from the one that it leaves.
create or replace function raw_servicetitan.keep_former_parent() returns trigger language plpgsql as $$ declare
    former text := raw_servicetitan.whole_number(old.record ->> tg_argv[0]);
begin
    if former is not null then
        new.former_parents := array_remove(old.former_parents, former) || former;
    end if;
    return new;
end $$;
comment on function raw_servicetitan.keep_former_parent is
    'Trigger: remembers the id in the field that its argument names, before the record names another one.';

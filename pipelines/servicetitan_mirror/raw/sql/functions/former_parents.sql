create or replace function raw_servicetitan.former_parents(former text[], old_parent text, new_parent text)
returns text[] immutable language plpgsql as $$ declare
    left_behind bigint := raw_servicetitan.whole_number(old_parent);
begin
    if left_behind is null or left_behind is not distinct from raw_servicetitan.whole_number(new_parent) then
        return former;
    end if;
    return array_remove(former, left_behind::text) || left_behind::text;
end $$;
comment on function raw_servicetitan.former_parents is
    'The ids of the parents that a companion has left, once it names another one.';

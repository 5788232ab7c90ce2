create or replace function raw_servicetitan.try_bigint(value text) returns bigint
stable strict language plpgsql as $$ begin
    return coalesce(raw_servicetitan.whole_number(value), raw_servicetitan.lost(value)::bigint);
end $$;

create or replace function raw_servicetitan.to_bigint(value text) returns bigint
stable language sql as $$
    select case
        when case
            when raw_servicetitan.input_is_valid(value, 'bigint') then value::bigint::text = value
        end then value::bigint
        else raw_servicetitan.try_bigint(value)
    end
$$;
comment on function raw_servicetitan.to_bigint is 'A 64-bit integer in any form that JSON has for one; else null, and lost.';

create or replace function raw_servicetitan.try_numeric_11_8(value text) returns numeric(11, 8)
stable strict language plpgsql as $$ begin
    value := btrim(value, e' \t\n\r');
    if value ~ '^-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]+)?$' then
        return value::numeric(11, 8);
    end if;
    return raw_servicetitan.lost(value);
exception when data_exception then
    return raw_servicetitan.lost(value);
end $$;

create or replace function raw_servicetitan.to_numeric_11_8(value text) returns numeric(11, 8)
stable language sql as $$
    select case
        when case
            when raw_servicetitan.input_is_valid(value, 'numeric(11, 8)') and value !~ '[eEN]' and length(value) < 100
                then value::numeric::text = value
        end then value::numeric(11, 8)
        else raw_servicetitan.try_numeric_11_8(value)
    end
$$;
comment on function raw_servicetitan.to_numeric_11_8 is 'A number in any form that JSON has for one; else null, and lost.';

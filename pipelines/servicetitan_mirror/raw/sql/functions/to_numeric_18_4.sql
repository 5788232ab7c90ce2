create or replace function raw_servicetitan.try_numeric_18_4(value text) returns numeric(18, 4)
stable strict language plpgsql as $$ begin
    value := btrim(value, e' \t\n\r');
    if value ~ '^-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]+)?$' then
        return value::numeric(18, 4);
    end if;
    return raw_servicetitan.lost(value);
exception when data_exception then
    return raw_servicetitan.lost(value);
end $$;

create or replace function raw_servicetitan.to_numeric_18_4(value text) returns numeric(18, 4)
stable language sql as $$
    select case
        when case
            when raw_servicetitan.input_is_valid(value, 'numeric(18, 4)') and value !~ '[eEN]' and length(value) < 100
                then value::numeric::text = value
        end then value::numeric(18, 4)
        else raw_servicetitan.try_numeric_18_4(value)
    end
$$;
comment on function raw_servicetitan.to_numeric_18_4 is 'A number in any form that JSON has for one; else null, and lost.';

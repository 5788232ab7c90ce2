create or replace function raw_servicetitan.try_numeric(value text, digits integer, scale integer) returns numeric
stable strict language plpgsql as $$ begin
    value := btrim(value, e' \t\n\r');
    if value ~ '^-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]+)?$'
        and abs(round(value::numeric, scale)) < 10::numeric ^ (digits - scale) then
        return value::numeric;
    end if;
    return raw_servicetitan.lost(value);
exception when data_exception then
    return raw_servicetitan.lost(value);
end $$;

create or replace function raw_servicetitan.to_numeric(value text, digits integer, scale integer) returns numeric
stable language sql as $$
    select case
        when case
            when raw_servicetitan.input_is_valid(value, 'numeric(' || digits::text || ', ' || scale::text || ')')
                and value !~ '[eEN]' and length(value) < 100 then value::numeric::text = value
        end then value::numeric
        else raw_servicetitan.try_numeric(value, digits, scale)
    end
$$;
comment on function raw_servicetitan.to_numeric is
    'A number that numeric(digits, scale) can hold, in any form that JSON has for one; else null, and lost.';

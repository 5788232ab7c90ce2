create or replace function raw_servicetitan.try_date(value text) returns date
stable strict language plpgsql as $$ begin
    value := btrim(value, e' \t\n\r');
    if raw_servicetitan.is_iso_8601(value) then
        return left(value, 10)::date;
    end if;
    return raw_servicetitan.lost(value);
exception when data_exception then
    return raw_servicetitan.lost(value);
end $$;

create or replace function raw_servicetitan.to_date(value text) returns date
stable language sql as $$
    select case
        when value like '2___-__-__T00:00:00Z' and left(value, 10) ~ '^[0-9]*-[0-9]*-[0-9]*$'
            and raw_servicetitan.input_is_valid(left(value, 10), 'date') then left(value, 10)::date
        else raw_servicetitan.try_date(value)
    end
$$;
comment on function raw_servicetitan.to_date is
    'The date as it is written, whatever the time and zone after it; else null, and lost.';

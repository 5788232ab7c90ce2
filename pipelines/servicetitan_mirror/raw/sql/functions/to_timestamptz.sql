create or replace function raw_servicetitan.try_timestamptz(value text) returns timestamptz
stable strict language plpgsql as $$ begin
    value := btrim(value, e' \t\n\r');
    if not raw_servicetitan.is_iso_8601(value) then
        return raw_servicetitan.lost(value);
    elsif substr(value, 12) ~ '[-+Z]' then
        return least(value::timestamptz, '9999-12-31T23:59:59.999999Z');
    else
        return least(value::timestamp at time zone 'UTC', '9999-12-31T23:59:59.999999Z');
    end if;
exception when data_exception then
    return raw_servicetitan.lost(value);
end $$;

create or replace function raw_servicetitan.to_timestamptz(value text) returns timestamptz
stable language sql as $$
    select case
        when value like '2___-__-__T__:__:__%Z'
            and value ~ '^[0-9]*-[0-9]*-[0-9]*T([01][0-9]|2[0-3]):[0-9]*:[0-5][0-9]([.][0-9]+)?Z$'
            and raw_servicetitan.input_is_valid(value, 'timestamptz') then value::timestamptz
        else raw_servicetitan.try_timestamptz(value)
    end
$$;
comment on function raw_servicetitan.to_timestamptz is
    'The instant of ISO 8601, without a zone UTC, whatever the session''s zone; else null, and lost.';

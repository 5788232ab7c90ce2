create or replace function raw_servicetitan.to_seconds(value text) returns numeric
stable strict language plpgsql as $$ declare
    written text := btrim(value, e' \t\n\r');
    part text[] := regexp_match(
        written,
        '^(-?)(?:([0-9]{1,7})[.])?([0-9]{1,2}):([0-5][0-9]):([0-5][0-9](?:[.][0-9]{1,9})?)$'
    );
    iso_8601 text := '^P(?=.)([0-9]{1,7}D)?(T(?=.)([0-9]{1,7}H)?([0-9]{1,9}M)?([0-9]{1,9}([.][0-9]{1,9})?S)?)?$';
    seconds numeric;
begin
    if part is not null then
        seconds := coalesce(part[2], '0')::numeric * 86400 + part[3]::numeric * 3600 + part[4]::numeric * 60
            + part[5]::numeric;
        return case part[1] when '-' then -seconds else seconds end;
    elsif written ~ iso_8601 then
        return extract(epoch from written::interval);
    end if;
    return raw_servicetitan.lost(value);
exception when data_exception then
    return raw_servicetitan.lost(value);
end $$;
comment on function raw_servicetitan.to_seconds is
    'The seconds of a duration, written as [days.]hours:minutes:seconds or by ISO 8601; else null, and lost.';

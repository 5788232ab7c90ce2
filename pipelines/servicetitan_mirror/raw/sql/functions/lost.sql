create or replace function raw_servicetitan.counts_as_lost(value text) returns boolean
immutable parallel safe language sql as $$
    select btrim(value, e' \t\n\r') <> '' and btrim(value, e' \t\n\r') not like '0001-01-01%'
$$;
comment on function raw_servicetitan.counts_as_lost is
    'Whether there was anything to convert: neither no text nor the date by which ServiceTitan means never.';

create or replace function raw_servicetitan.lost(value text) returns text
volatile strict language plpgsql as $$ begin
    if raw_servicetitan.counts_as_lost(value) then
        perform set_config('servicetitan.lost', 'yes', true);
    end if;
    return null;
end $$;
comment on function raw_servicetitan.lost is
    'Null, and a flag for the rest of the transaction that there was a value which no column shows.';

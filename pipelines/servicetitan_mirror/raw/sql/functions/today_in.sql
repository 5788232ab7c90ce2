create or replace function raw_servicetitan.today_in(zone text) returns date
stable language plpgsql as $$ begin
    return coalesce((now() at time zone zone)::date, raw_servicetitan.today());
exception when data_exception then
    return raw_servicetitan.today(); -- no such zone
end $$;
comment on function raw_servicetitan.today_in is 'The day in a time zone; without one, that of raw_servicetitan.today().';

create or replace function raw_servicetitan.today_in(zone text) returns date
stable strict language plpgsql as $$ begin
    return (now() at time zone zone)::date;
exception when data_exception then
    return null; -- no such zone
end $$;
comment on function raw_servicetitan.today_in is 'The day in a time zone; null without one, or if there is no such zone.';

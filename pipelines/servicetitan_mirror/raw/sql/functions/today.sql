create or replace function raw_servicetitan.today() returns date
stable language plpgsql as $$ begin
    return (now() at time zone raw_servicetitan.zone_of(null))::date;
end $$;
comment on function raw_servicetitan.today is
    'The day by the database''s setting servicetitan.time_zone, else by its time zone, else by the session''s.';

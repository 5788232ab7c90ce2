create or replace function raw_servicetitan.today() returns date
stable language plpgsql as $$ declare
    zone text;
begin
    foreach zone in array array[
        current_setting('servicetitan.time_zone', true),
        (
            select substr(setting, 10) from pg_db_role_setting, unnest(setconfig) as setting
            where setdatabase = (select oid from pg_database where datname = current_database())
                and setrole = 0 and setting ilike 'timezone=%'
        ),
        current_setting('timezone')
    ] loop
        begin
            if zone <> '' then
                return (now() at time zone zone)::date;
            end if;
        exception when data_exception then
            null; -- no such zone
        end;
    end loop;
    return current_date;
end $$;
comment on function raw_servicetitan.today is
    'The day by the database''s setting servicetitan.time_zone, else by its time zone, else by the session''s.';

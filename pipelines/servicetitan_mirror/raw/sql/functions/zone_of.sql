create or replace function raw_servicetitan.zone_of(wanted text) returns text
stable language plpgsql as $$ declare
    zone text;
begin
    foreach zone in array array[
        wanted,
        current_setting('servicetitan.time_zone', true),
        (
            select substr(setting, 10) from pg_db_role_setting, unnest(setconfig) as setting
            where setdatabase = (select oid from pg_database where datname = current_database())
                and setrole = 0 and setting ilike 'timezone=%'
        ),
        current_setting('timezone')
    ] loop
        begin
            if zone <> '' and now() at time zone zone is not null then
                return zone;
            end if;
        exception when data_exception then
            null; -- no such zone
        end;
    end loop;
    return 'UTC';
end $$;
comment on function raw_servicetitan.zone_of is
    'This time zone if there is one of the name, else by the database''s setting servicetitan.time_zone, its own, the session''s.';

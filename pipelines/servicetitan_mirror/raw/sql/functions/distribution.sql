create or replace function raw_servicetitan.distribution() returns text
stable language plpgsql as $$ declare
    landed oid := 'raw_servicetitan'::regnamespace;
    distributed boolean := false;
begin
    if exists (select from pg_class where relkind = 'p' and relnamespace = landed) then
        return 'partitions';
    elsif to_regclass('pg_dist_partition') is not null then -- Citus is there, and need not be used
        execute 'select exists (
            select from pg_dist_partition inner join pg_class on oid = logicalrelid where relnamespace = $1
        )' into distributed using landed;
    end if;
    return case when distributed then 'citus' else 'none' end;
end $$;
comment on function raw_servicetitan.distribution is
    'How the tables of records are spread by tenant: citus, partitions or none.';

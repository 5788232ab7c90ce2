do $$ begin
    if not exists (select from pg_roles where rolname = 'servicetitan_analyst') then
        create role servicetitan_analyst nologin;
        comment on role servicetitan_analyst is 'May read what the ServiceTitan mirror publishes.';
    end if;
exception when insufficient_privilege or unique_violation or duplicate_object then
    null; -- whoever owns the server may make it
end $$;

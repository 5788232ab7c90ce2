-- Functions and indexes that versions before 0.1.0 made, under names that nothing asks for any more.
do $$ declare
    former regprocedure;
begin
    for former in
        select oid from pg_proc where pronamespace = 'raw_servicetitan'::regnamespace and proname in (
            'to_numeric_11_8', 'to_numeric_18_4', 'try_numeric_11_8', 'try_numeric_18_4'
        )
    loop
        begin
            execute format('drop function %s', former);
        exception when dependent_objects_still_exist then
            null; -- a view of somebody's
        end;
    end loop;
end $$;
drop index if exists raw_servicetitan.customer_contacts_tenant_id_expr_idx;
drop index if exists raw_servicetitan.location_contacts_tenant_id_expr_idx;
drop index if exists raw_servicetitan.appointment_assignments_tenant_id_expr_idx;

-- Evaluated when a statement is planned, as pending() is: the planner then knows whose rows it is to look for.
create or replace function raw_servicetitan.tenant_at_work() returns bigint
immutable language plpgsql as $$ begin
    return nullif(current_setting('servicetitan.tenant_id', true), '')::bigint;
end $$;
comment on function raw_servicetitan.tenant_at_work is 'The tenant whose rows are merged; null where it is everybody''s.';

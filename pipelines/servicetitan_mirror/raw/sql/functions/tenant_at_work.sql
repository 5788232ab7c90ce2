-- dbt itself builds the rows of all tenants. A sync writes its tenant in its place (tables/kept_merges.py).
create or replace function raw_servicetitan.tenant_at_work() returns bigint
immutable language plpgsql as $$ begin
    return null;
end $$;
comment on function raw_servicetitan.tenant_at_work is 'The tenant whose rows are merged; null where it is everybody''s.';

-- Not really immutable: it is evaluated when a statement is planned, so that the planner knows how few loads there are.
-- No plan outlives its statement here. A sync writes its tenant's loads in its place (tables/kept_merges.py).
create or replace function raw_servicetitan.pending(entity text) returns text[]
immutable strict language plpgsql as $$ begin
    return (
        select array_agg(distinct load_id) from raw_servicetitan.pending_loads where pending_loads.entity = pending.entity
    );
end $$;
comment on function raw_servicetitan.pending is 'The loads of an entity that are not built yet; null without any.';

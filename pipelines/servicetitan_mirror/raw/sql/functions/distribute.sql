create or replace function raw_servicetitan.distribute(spread regclass, distribution text) returns void
language plpgsql as $$ declare
    name text := (select relname from pg_class where oid = spread);
    known boolean;
begin
    if distribution = 'partitions' then
        for part in 0..7 loop
            execute format(
                'create table if not exists raw_servicetitan.%I partition of %s '
                'for values with (modulus 8, remainder %s)', name || '_' || part, spread, part
            );
        end loop;
    elsif distribution = 'citus' then
        execute 'select exists (select from pg_dist_partition where logicalrelid = $1)' into known using spread;
        if not known then
            execute 'select create_distributed_table($1, ''tenant_id'')' using spread;
        end if;
    end if;
end $$;
comment on function raw_servicetitan.distribute is
    'Spreads a table by tenant, where that was not done: over the machines of Citus, or over partitions of one machine.';

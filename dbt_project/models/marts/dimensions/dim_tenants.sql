with tenant as materialized (
    select
        tenant_id,
        name,
        raw_servicetitan.zone_of(time_zone) as time_zone
    from {{ ref('st_tenants') }}
)

select
    tenant_id,
    name,
    time_zone,
    cast(now() at time zone time_zone as date) as today
from tenant

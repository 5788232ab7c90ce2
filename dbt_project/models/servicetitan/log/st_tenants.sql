select
    tenant_id,
    name,
    first_synced_at,
    time_zone
from {{ source('servicetitan', 'tenants') }}

select
    tenant_id,
    name,
    first_synced_at
from {{ source('servicetitan', 'tenants') }}

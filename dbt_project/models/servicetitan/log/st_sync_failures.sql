select
    tenant_id,
    module,
    entity_type,
    st_id,
    "column",
    value,
    reason,
    first_seen_at,
    last_seen_at,
    healed_at
from {{ source('servicetitan', 'sync_failures') }}

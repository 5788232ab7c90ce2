select
    tenant_id,
    entity as module,
    entity_type,
    id,
    reason,
    record,
    first_seen_at,
    last_seen_at,
    healed_at
from {{ source('servicetitan', 'rejected_records') }}

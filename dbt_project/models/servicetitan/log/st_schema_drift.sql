select
    tenant_id,
    entity as module,
    entity_type,
    field,
    change,
    type,
    known_type,
    records,
    first_seen_at,
    ended_at
from {{ source('servicetitan', 'schema_drift') }}

select
    tenant_id,
    kind,
    subject,
    sentence,
    since,
    found_at,
    said_at,
    over_at
from {{ source('servicetitan', 'alerts') }}

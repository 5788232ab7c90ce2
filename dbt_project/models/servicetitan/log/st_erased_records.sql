select
    tenant_id,
    entity as module,
    id as st_id,
    erased_at
from {{ source('servicetitan', 'erased_records') }}

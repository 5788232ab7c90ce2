select
    tenant_id,
    module,
    reconciled_at,
    deep,
    source_total,
    mirror_total,
    missing,
    extra,
    stale,
    fixed,
    ids,
    problem
from {{ source('servicetitan', 'reconciliations') }}

{{ config(materialized='ephemeral') }}

select
    tenant_id,
    st_id,
    job_id,
    customer_id,
    business_unit_id,
    sold_by,
    status,
    subtotal,
    tax,
    total,
    active,
    sold_on,
    st_modified_on,
    deleted_at,
    local_synced_at
from {{ ref('st_estimates') }}

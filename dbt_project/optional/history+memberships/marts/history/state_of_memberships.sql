{{ config(materialized='ephemeral') }}

select
    tenant_id,
    st_id,
    customer_id,
    location_id,
    business_unit_id,
    membership_type_id,
    status,
    start_date,
    end_date,
    cancellation_date,
    active,
    st_modified_on,
    deleted_at,
    local_synced_at
from {{ ref('st_memberships') }}

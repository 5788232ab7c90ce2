{{ config(materialized='ephemeral') }}

select
    tenant_id,
    st_id,
    customer_id,
    location_id,
    business_unit_id,
    job_type_id,
    campaign_id,
    job_number,
    job_status,
    priority,
    appointment_count,
    invoice_total,
    job_completion_time,
    st_modified_on,
    deleted_at,
    local_synced_at
from {{ ref('st_jobs') }}

{{ config(materialized='ephemeral') }}

select
    tenant_id,
    st_id,
    type,
    balance,
    credit_limit,
    payment_term_id,
    merged_to_id,
    do_not_service,
    do_not_mail,
    tax_exempt,
    national_account,
    active,
    st_modified_on,
    deleted_at,
    local_synced_at
from {{ ref('st_customers') }}

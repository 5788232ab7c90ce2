{% set kind = revenue_kind('item') -%}
select
    item.tenant_id,
    item.item_id,
    item.invoice_id,
    item.job_id,
    item.adjustment_to_id,
    item.customer_id,
    item.location_id,
    coalesce(item.business_unit_id, job.business_unit_id) as business_unit_id,
    job.job_type_id,
    job.campaign_id,
    item.technician_id,
    item.sku_id,
    item.account_id,
    item.account_number,
    item.account_name,
    item.account_type,
    item.item_type,
    item.sku_name,
    item.display_name,
    item.quantity,
    item.total,
    item.total_cost,
    item.sold_hours,
    {{ kind }} as revenue_kind,
    {{ money("case when item.account_type = 'Income' and " ~ kind ~ " is not null then item.total end") }} as revenue,
    coalesce(item.account_type = 'Income', false) as is_income,
    item.invoice_date,
    {{ revenue_day('item') }} as revenue_day
from {{ ref('v_invoice_items') }} as item
left join {{ ref('dim_tenants') }} as tenant on item.tenant_id = tenant.tenant_id
left join {{ ref('st_jobs') }} as job
    on item.tenant_id = job.tenant_id and item.job_id = job.st_id and job.deleted_at is null

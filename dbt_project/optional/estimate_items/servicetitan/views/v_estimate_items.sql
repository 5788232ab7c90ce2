with owner as (
    select distinct on (estimate.tenant_id, part.item_id)
        estimate.tenant_id,
        part.item_id,
        estimate.st_id as estimate_id,
        estimate.estimate_number,
        estimate.status,
        estimate.sold_on,
        estimate.job_id,
        estimate.customer_id,
        estimate.business_unit_id
    from {{ ref('st_estimates') }} as estimate
    cross join lateral jsonb_array_elements(estimate.items) as element
    cross join lateral {{ whole_number('id', 'element') }} as part (item_id)
    where estimate.deleted_at is null
    order by estimate.tenant_id, part.item_id, estimate.st_id
)

select
    item.tenant_id,
    item.st_id as item_id,
    owner.estimate_id,
    owner.estimate_number,
    owner.status as estimate_status,
    owner.sold_on,
    owner.job_id,
    owner.customer_id,
    owner.business_unit_id,
    item.sku_id,
    item.sku_name,
    item.sku_display_name,
    item.sku_type,
    item.membership_type_id,
    item.invoice_item_id,
    item.quantity,
    item.unit_price,
    item.total,
    item.total_cost,
    item.sold_hours,
    item.chargeable
from {{ ref('st_estimate_items') }} as item
left join owner on item.tenant_id = owner.tenant_id and item.st_id = owner.item_id
where item.deleted_at is null

select
    item.tenant_id,
    item.revenue_day as day,
    item.business_unit_id,
    business_unit.name as business_unit,
    {{ money('sum(item.revenue)') }} as revenue,
    {{ money("sum(item.revenue) filter (where item.revenue_kind = 'Completed')") }} as completed_revenue,
    {{ money("sum(item.revenue) filter (where item.revenue_kind = 'Non-Job')") }} as non_job_revenue,
    {{ money("sum(item.revenue) filter (where item.revenue_kind = 'Adjustment')") }} as adjustment_revenue
from {{ ref('fct_invoice_items') }} as item
left join {{ ref('st_business_units') }} as business_unit
    on item.tenant_id = business_unit.tenant_id and item.business_unit_id = business_unit.st_id
where item.is_income and item.revenue_day is not null
group by item.tenant_id, item.revenue_day, item.business_unit_id, business_unit.name

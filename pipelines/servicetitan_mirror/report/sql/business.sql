select
    tenant_id,
    month,
    coalesce(business_unit, 'No business unit') as business_unit,
    revenue,
    booked,
    completed,
    canceled,
    opportunities,
    opportunity_revenue,
    sales_opportunities,
    closed_opportunities,
    sold
from analytics.business_by_month
where month > current_date - interval '5 years'
order by month, business_unit

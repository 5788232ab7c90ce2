select
    coalesce(business_unit, 'No business unit') as name,
    sum(revenue) as revenue,
    sum(completed_revenue) as completed_revenue,
    sum(non_job_revenue) as non_job_revenue,
    sum(adjustment_revenue) as adjustment_revenue
from analytics.revenue_by_business_unit_and_day
where tenant_id = %(tenant)s and day between %(first)s and %(last)s
group by 1

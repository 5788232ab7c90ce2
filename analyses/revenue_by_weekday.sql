-- On which days of the week work brings how much
select
    dates.day_of_week,
    dates.day_name,
    sum(revenue.completed_revenue) as completed_revenue
from analytics.revenue_by_business_unit_and_day as revenue
inner join analytics.dim_dates as dates on revenue.tenant_id = dates.tenant_id and revenue.day = dates.day
group by dates.day_of_week, dates.day_name
order by dates.day_of_week;

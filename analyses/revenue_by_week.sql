-- Revenue by week, the last thirteen
select
    dates.week,
    sum(revenue.revenue) as revenue
from analytics.revenue_by_business_unit_and_day as revenue
inner join analytics.dim_dates as dates on revenue.tenant_id = dates.tenant_id and revenue.day = dates.day
where dates.days_ago between 0 and 91
group by dates.week
order by dates.week;

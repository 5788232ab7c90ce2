-- Each month's revenue beside that of the year before
select
    this_year.month,
    this_year.revenue,
    last_year.revenue as a_year_before,
    round(100 * (this_year.revenue / nullif(last_year.revenue, 0) - 1), 1) as percent
from (select month, sum(revenue) as revenue from analytics.business_by_month group by month) as this_year
left join (select month, sum(revenue) as revenue from analytics.business_by_month group by month) as last_year
    on last_year.month = this_year.month - interval '1 year'
order by this_year.month desc
limit 12;

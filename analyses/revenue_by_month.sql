-- Revenue of the past twelve months, by its three kinds
select
    month,
    sum(completed_revenue) as completed,
    sum(non_job_revenue) as non_job,
    sum(adjustment_revenue) as adjustment,
    sum(revenue) as revenue
from analytics.business_by_month
where month > current_date - 396
group by month
order by month;

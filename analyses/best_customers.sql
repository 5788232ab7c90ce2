-- The fifty customers who have brought most
select
    name,
    type,
    lifetime_value,
    completed_jobs,
    first_job_day,
    last_job_day
from analytics.dim_customers
order by lifetime_value desc
limit 50;

-- Good customers without a job for a year
select
    name,
    city,
    lifetime_value,
    last_job_day
from analytics.dim_customers
where is_active and lifetime_value > 0 and last_job_day < current_date - 365
order by lifetime_value desc
limit 100;

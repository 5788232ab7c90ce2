-- Completed opportunities that brought nothing, the latest first
select
    job_number,
    completed_day,
    business_unit_id,
    technician_ids
from analytics.fct_jobs
where is_opportunity and not is_converted and revenue = 0
order by completed_day desc
limit 100;

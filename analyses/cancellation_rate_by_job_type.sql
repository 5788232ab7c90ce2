-- Which types of jobs are canceled most, of the jobs booked in the past year
select
    job_type,
    sum(booked) as booked,
    sum(canceled) as canceled,
    round(100.0 * sum(canceled) / nullif(sum(booked), 0), 1) as percent
from analytics.jobs_by_day
where day > current_date - 365
group by job_type
order by percent desc nulls last;

-- How many days customers wait for the first appointment, by business unit
select
    business_unit.name as business_unit,
    round(avg(job.first_appointment_day - job.booked_day), 1) as days,
    percentile_disc(0.5) within group (order by job.first_appointment_day - job.booked_day) as median
from analytics.fct_jobs as job
left join st_business_units as business_unit
    on job.tenant_id = business_unit.tenant_id and job.business_unit_id = business_unit.st_id
where job.booked_day > current_date - 365 and job.first_appointment_day is not null
group by business_unit.name
order by days desc;

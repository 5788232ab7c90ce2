select
    coalesce(technician.name, 'Technician ' || member.id) as name,
    'job ' || job.job_id as record,
    job.completed_day as day,
    job.revenue / cardinality(job.technician_ids) as amount
from analytics.fct_jobs as job
cross join unnest(job.technician_ids) as member (id)
left join public.st_technicians as technician on job.tenant_id = technician.tenant_id and member.id = technician.st_id
where
    job.tenant_id = %(tenant)s and job.is_completed
    and job.completed_day between %(first)s::date - 1 and %(last)s::date + 1

select
    job.tenant_id,
    {{ month_of('job.completed_day') }} as month,
    job.business_unit_id,
    job.job_type_id,
    business_unit.name as business_unit,
    job_type.name as job_type,
    count(*) as opportunities,
    count(*) filter (where job.is_converted) as converted,
    {{ money('sum(job.revenue)') }} as revenue,
    {{ ratio('sum(job.revenue)', 'count(*)') }} as average_ticket
from {{ ref('fct_jobs') }} as job
left join {{ ref('st_business_units') }} as business_unit
    on job.tenant_id = business_unit.tenant_id and job.business_unit_id = business_unit.st_id
left join {{ ref('st_job_types') }} as job_type
    on job.tenant_id = job_type.tenant_id and job.job_type_id = job_type.st_id
where job.is_opportunity
group by 1, 2, 3, 4, 5, 6

with hours as (
    select
        sheet.*,
        {{ month_of(local_day('coalesce(sheet.arrived_on, sheet.dispatched_on)')) }} as month
    from {{ ref('v_job_hours') }} as sheet
    left join {{ ref('dim_tenants') }} as tenant on sheet.tenant_id = tenant.tenant_id
    where sheet.technician_id is not null
)

select
    tenant_id,
    technician_id,
    month,
    max(technician_name) as technician_name,
    count(distinct job_id) as jobs,
    count(*) as visits,
    cast(coalesce(sum(driving_hours), 0) as numeric(18, 4)) as driving_hours,
    cast(coalesce(sum(working_hours), 0) as numeric(18, 4)) as working_hours,
    cast(coalesce(sum(driving_hours), 0) + coalesce(sum(working_hours), 0) as numeric(18, 4)) as job_hours
from hours
where month is not null
group by 1, 2, 3

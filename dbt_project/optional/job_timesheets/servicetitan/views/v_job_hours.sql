select
    timesheet.tenant_id,
    timesheet.st_id as job_timesheet_id,
    timesheet.job_id,
    timesheet.appointment_id,
    timesheet.technician_id,
    technician.name as technician_name,
    job.business_unit_id,
    job.job_type_id,
    timesheet.dispatched_on,
    timesheet.arrived_on,
    timesheet.done_on,
    cast(extract(epoch from timesheet.arrived_on - timesheet.dispatched_on) / 3600 as numeric(18, 4)) as driving_hours,
    cast(extract(epoch from timesheet.done_on - timesheet.arrived_on) / 3600 as numeric(18, 4)) as working_hours
from {{ ref('st_job_timesheets') }} as timesheet
left join {{ ref('st_technicians') }} as technician
    on timesheet.tenant_id = technician.tenant_id and timesheet.technician_id = technician.st_id
left join {{ ref('st_jobs') }} as job
    on timesheet.tenant_id = job.tenant_id and timesheet.job_id = job.st_id
where timesheet.active is distinct from false and timesheet.canceled_on is null and timesheet.deleted_at is null

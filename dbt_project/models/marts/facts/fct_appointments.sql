select
    appointment.tenant_id,
    appointment.st_id as appointment_id,
    appointment.job_id,
    appointment.customer_id,
    job.business_unit_id,
    job.job_type_id,
    appointment.technician_ids,
    appointment.appointment_number,
    appointment.status,
    cardinality(appointment.technician_ids) as technicians,
    cast(extract(epoch from appointment.end_on - appointment.start_on) / 3600 as numeric(18, 4)) as scheduled_hours,
    coalesce(appointment.status = 'Canceled', false) as is_canceled,
    coalesce(appointment.is_confirmed, false) as is_confirmed,
    appointment.start_on,
    appointment.end_on,
    {{ local_day('appointment.start_on') }} as start_day
from {{ ref('st_appointments') }} as appointment
left join {{ ref('dim_tenants') }} as tenant on appointment.tenant_id = tenant.tenant_id
left join {{ ref('st_jobs') }} as job
    on appointment.tenant_id = job.tenant_id and appointment.job_id = job.st_id and job.deleted_at is null
where {{ counts('appointment') }}

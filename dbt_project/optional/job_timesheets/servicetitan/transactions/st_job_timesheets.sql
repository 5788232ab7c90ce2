select
    {{ record_key() }},

    {{ bigint('jobId') }} as job_id,
    {{ bigint('appointmentId') }} as appointment_id,
    {{ bigint('technicianId') }} as technician_id,

    {{ flag('active') }} as active,

    {{ instant('dispatchedOn') }} as dispatched_on,
    {{ instant('arrivedOn') }} as arrived_on,
    {{ instant('doneOn') }} as done_on,
    {{ instant('canceledOn') }} as canceled_on,
    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('job_timesheets') }}

select
    {{ record_key() }},

    {{ bigint('technicianId') }} as technician_id,
    {{ bigint('timesheetCodeId') }} as timesheet_code_id,

    {{ text('shiftType') }} as shift_type,
    {{ text('title') }} as title,
    {{ text('note') }} as note,

    {{ flag('active') }} as active,

    {{ instant('start') }} as starts_on,
    {{ instant('end') }} as ends_on,
    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('technician_shifts') }}

select
    {{ record_key() }},

    {{ bigint('technicianId') }} as technician_id,
    {{ bigint('timesheetCodeId') }} as timesheet_code_id,
    {{ bigint('createdById') }} as created_by_id,

    {{ text('name') }} as name,
    {{ text('summary') }} as summary,
    {{ seconds('duration') }} as duration_seconds,

    {{ flag('allDay') }} as all_day,
    {{ flag('clearDispatchBoard') }} as clear_dispatch_board,
    {{ flag('clearTechnicianView') }} as clear_technician_view,
    {{ flag('removeTechnicianFromCapacityPlanning') }} as remove_technician_from_capacity_planning,
    {{ flag('showOnTechnicianSchedule') }} as show_on_technician_schedule,
    {{ flag('active') }} as active,

    {{ instant('start') }} as starts_on,
    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('non_job_appointments') }}

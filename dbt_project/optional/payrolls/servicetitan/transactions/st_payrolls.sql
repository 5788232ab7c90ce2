select
    {{ record_key() }},

    {{ bigint('employeeId') }} as employee_id,

    {{ text('employeeType') }} as employee_type,
    {{ label('status') }} as status,
    {{ number('burdenRate') }} as burden_rate,

    {{ flag('active') }} as active,

    {{ instant('startedOn') }} as started_on,
    {{ instant('endedOn') }} as ended_on,
    {{ instant('managerApprovedOn') }} as manager_approved_on,
    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('payrolls') }}

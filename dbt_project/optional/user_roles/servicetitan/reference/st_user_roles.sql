select
    {{ record_key() }},

    {{ label('name') }} as name,
    {{ text('employeeType') }} as employee_type,

    {{ flag('active') }} as active,

    {{ instant('createdOn') }} as st_created_on,

    {{ sync_columns() }}
from {{ changed_records('user_roles') }}

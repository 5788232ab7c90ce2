select
    {{ record_key() }},

    {{ label('name') }} as name,

    {{ flag('active') }} as active,

    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('job_cancel_reasons') }}

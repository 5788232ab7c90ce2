select
    {{ record_key() }},

    {{ bigint('jobId') }} as job_id,
    {{ bigint('createdById') }} as created_by_id,

    {{ text('text') }} as note,

    {{ flag('isPinned') }} as is_pinned,
    {{ flag('active') }} as active,

    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('job_notes') }}

select
    {{ record_key() }},

    {{ bigint('jobId') }} as job_id,
    {{ bigint('reasonId') }} as job_cancel_reason_id,
    {{ bigint('createdById') }} as created_by_id,

    {{ text('memo') }} as memo,

    {{ flag('active') }} as active,

    {{ instant('createdOn') }} as st_created_on,

    {{ sync_columns() }}
from {{ changed_records('job_canceled_logs') }}

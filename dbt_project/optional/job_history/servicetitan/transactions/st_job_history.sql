select
    {{ record_key() }},

    {{ bigint('jobId') }} as job_id,

    {{ json('history', '[]') }} as history,

    {{ sync_columns() }}
from {{ changed_records('job_history') }}

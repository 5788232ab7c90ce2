select
    {{ record_key() }},

    {{ bigint('formId') }} as form_id,
    {{ bigint('createdById') }} as created_by_id,

    {{ text('formName') }} as form_name,
    {{ text('status') }} as status,
    {{ json('owners', '[]') }} as owners,
    {{ json('units', '[]') }} as units,

    {{ instant('submittedOn') }} as submitted_on,

    {{ sync_columns() }}
from {{ changed_records('form_submissions') }}

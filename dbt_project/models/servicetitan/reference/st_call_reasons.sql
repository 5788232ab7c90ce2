select
    {{ record_key() }},

    {{ label('name') }} as name,

    {{ flag('active') }} as active,
    {{ flag('isLead') }} as is_lead,

    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('call_reasons') }}

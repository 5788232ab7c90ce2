select
    {{ record_key() }},

    {{ label('name') }} as name,

    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('payment_types') }}

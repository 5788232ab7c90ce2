select
    {{ record_key() }},

    {{ label('name') }} as name,
    {{ text('type') }} as type,

    {{ flag('active') }} as active,

    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('campaign_categories') }}

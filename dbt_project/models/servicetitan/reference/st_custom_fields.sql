select
    {{ record_key() }},
    record.entity_type,

    {{ label('name') }} as name,
    {{ text('dataType') }} as data_type,
    {{ json('dataTypeOptions', '[]') }} as data_type_options,

    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('custom_fields') }}

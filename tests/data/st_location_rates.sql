select
    {{ record_key() }},

    {{ bigint('locationId') }} as location_id,

    {{ number('hourlyRate', 18, 8) }} as hourly_rate,
    {{ text('laborTypeName') }} as labor_type_name,
    {{ text('laborTypeCode') }} as labor_type_code,

    {{ flag('active') }} as active,

    {{ instant('createdOn') }} as st_created_on,

    {{ sync_columns() }}
from {{ changed_records('location_rates') }}

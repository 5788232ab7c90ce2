select
    {{ record_key() }},

    {{ bigints('businessUnits') }} as business_unit_ids,
    {{ bigints('technicians') }} as technician_ids,
    {{ bigint('createdBy') }} as created_by_id,

    {{ label('name') }} as name,
    {{ json('zips', '[]') }} as zips,
    {{ json('cities', '[]') }} as cities,
    {{ json('territoryNumbers', '[]') }} as territory_numbers,
    {{ json('locnNumbers', '[]') }} as locn_numbers,
    {{ json('serviceDays', '[]') }} as service_days,

    {{ flag('serviceDaysEnabled') }} as service_days_enabled,
    {{ flag('active') }} as active,

    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('zones') }}

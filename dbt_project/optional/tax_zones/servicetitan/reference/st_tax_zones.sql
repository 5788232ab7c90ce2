select
    {{ record_key() }},

    {{ label('name') }} as name,
    {{ bigint('color') }} as color,
    {{ json('rates', '[]') }} as rates,

    {{ flag('isTaxRateSeparated') }} as is_tax_rate_separated,
    {{ flag('isMultipleTaxZone') }} as is_multiple_tax_zone,
    {{ flag('active') }} as active,

    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('tax_zones') }}

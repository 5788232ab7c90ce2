{% set companions = {'location_contacts': 'locationId'} -%}
{{ config(meta={'companions': companions}) -}}
select
    {{ record_key() }},

    {{ bigint('customerId') }} as customer_id,
    {{ bigint('mergedToId') }} as merged_to_id,
    {{ bigint('zoneId') }} as zone_id,
    {{ bigint('taxZoneId') }} as tax_zone_id,
    {{ bigint('createdById') }} as created_by_id,

    {{ text('name') }} as name,
    {{ text('address.street') }} as street,
    {{ text('address.unit') }} as unit,
    {{ label('address.city') }} as city,
    {{ text('address.state') }} as state,
    {{ label('address.zip') }} as zip,
    {{ text('address.country') }} as country,
    {{ number('address.latitude', 11, 8) }} as latitude,
    {{ number('address.longitude', 11, 8) }} as longitude,
    contact.phone,
    contact.email,
    contact.phone_numbers,
    contact.email_addresses,
    {{ bigints('tagTypeIds') }} as tag_type_ids,
    {{ tags() }} as tags,
    {{ json('customFields', '[]') }} as custom_fields,

    {{ flag('active') }} as active,
    {{ flag('taxExempt') }} as tax_exempt,

    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('locations', companions=companions, tagged=true) }}
cross join lateral {{ contacts_of_record('location_contacts', 'locationId') }}

select
    {{ record_key() }},

    {{ label('name') }} as name,
    {{ text('contactInfo.firstName') }} as contact_first_name,
    {{ text('contactInfo.lastName') }} as contact_last_name,
    {{ text('contactInfo.phone') }} as phone,
    {{ text('contactInfo.email') }} as email,
    {{ text('contactInfo.fax') }} as fax,
    {{ text('address.street') }} as address_street,
    {{ text('address.unit') }} as address_unit,
    {{ text('address.city') }} as address_city,
    {{ text('address.state') }} as address_state,
    {{ text('address.zip') }} as address_zip,
    {{ text('address.country') }} as address_country,
    {{ text('memo') }} as memo,
    {{ text('deliveryOption') }} as delivery_option,
    {{ number('defaultTaxRate', 18, 8) }} as default_tax_rate,
    {{ json('customFields', '[]') }} as custom_fields,

    {{ flag('isTruckReplenishment') }} as is_truck_replenishment,
    {{ flag('isMobileCreationRestricted') }} as is_mobile_creation_restricted,
    {{ flag('active') }} as active,

    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('vendors') }}

select
    {{ record_key() }},

    {{ label('name') }} as name,
    {{ text('officialName') }} as official_name,
    {{ bigint('trade.id') }} as trade_id,
    {{ text('trade.name') }} as trade_name,
    {{ bigint('division.id') }} as division_id,
    {{ text('division.name') }} as division_name,
    {{ text('tenant.name') }} as tenant_name,
    {{ text('franchiseId') }} as franchise_id,
    {{ text('accountCode') }} as account_code,
    {{ text('quickbooksClass') }} as quickbooks_class,

    {{ text('email') }} as email,
    {{ text('phoneNumber') }} as phone,
    {{ text('address.street') }} as street,
    {{ text('address.unit') }} as unit,
    {{ text('address.city') }} as city,
    {{ text('address.state') }} as state,
    {{ text('address.zip') }} as zip,
    {{ text('address.country') }} as country,
    {{ text('currency') }} as currency,
    {{ number('defaultTaxRate') }} as default_tax_rate,
    {{ bigints('tagTypeIds') }} as tag_type_ids,
    {{ tags() }} as tags,

    {{ flag('active') }} as active,

    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('business_units', tagged=true) }}

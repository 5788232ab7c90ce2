select
    {{ record_key() }},

    {{ bigint('category.id') }} as category_id,

    {{ label('name') }} as name,
    {{ text('category.name') }} as category_name,
    {{ text('source') }} as source,
    {{ text('otherSource') }} as other_source,
    {{ text('medium') }} as medium,
    {{ text('otherMedium') }} as other_medium,
    {{ text('businessUnit') }} as business_unit_name,
    {{ json('campaignPhoneNumbers', '[]') }} as campaign_phone_numbers,

    {{ flag('active') }} as active,
    {{ flag('category.active') }} as category_active,
    {{ flag('isDefaultCampaign') }} as is_default_campaign,

    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('campaigns') }}

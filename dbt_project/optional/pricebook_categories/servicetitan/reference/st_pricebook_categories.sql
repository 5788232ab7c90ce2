select
    {{ record_key() }},

    {{ bigint('parentId') }} as parent_id,
    {{ bigints('businessUnitIds') }} as business_unit_ids,

    {{ label('name') }} as name,
    {{ text('categoryType') }} as type,
    {{ text('description') }} as description,
    {{ bigint('position') }} as sort_position,
    {{ text('image') }} as image,
    {{ json('subcategories', '[]') }} as subcategories,
    {{ json('skuImages', '[]') }} as sku_images,
    {{ json('skuVideos', '[]') }} as sku_videos,
    {{ text('source') }} as source,
    {{ text('externalId') }} as external_id,

    {{ flag('hideInMobile') }} as hide_in_mobile,
    {{ flag('active') }} as active,

    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('pricebook_categories') }}

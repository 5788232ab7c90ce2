select
    {{ record_key() }},

    {{ bigints('businessUnitIds') }} as business_unit_ids,
    {{ bigints('tagTypeIds') }} as tag_type_ids,
    {{ tags() }} as tags,
    {{ bigints('customFieldTypeIds') }} as custom_field_type_ids,

    {{ label('name') }} as name,
    {{ text('class') }} as class,
    {{ text('priority') }} as priority,
    {{ text('summary') }} as summary,
    {{ json('skills', '[]') }} as skills,
    {{ bigint('duration') }} as duration,
    {{ number('soldThreshold') }} as sold_threshold,
    {{ text('defaultEstimateSoldAction') }} as default_estimate_sold_action,

    {{ flag('active') }} as active,
    {{ flag('noCharge') }} as no_charge,
    {{ flag('isSmartDispatched') }} as is_smart_dispatched,
    {{ flag('invoiceSignaturesRequired') }} as invoice_signatures_required,

    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('job_types', tagged=true) }}

select
    {{ record_key() }},

    {{ bigint('jobId') }} as job_id,
    {{ bigint('customerId') }} as customer_id,
    {{ bigint('locationId') }} as location_id,
    {{ bigint('businessUnitId') }} as business_unit_id,
    {{ bigint('projectId') }} as project_id,
    {{ bigint('soldBy') }} as sold_by,

    record.id::text as estimate_number,
    {{ text('jobNumber') }} as job_number,
    {{ text('name') }} as name,
    {{ label('status.name') }} as status,
    {{ text('reviewStatus') }} as review_status,
    {{ text('summary') }} as summary,
    {{ text('businessUnitName') }} as business_unit_name,
    {{ number('subtotal') }} as subtotal,
    {{ number('tax') }} as tax,
    cast({{ number('subtotal') }} + coalesce({{ number('tax') }}, 0) as numeric(18, 4)) as total,
    {{ number('depositAmount') }} as deposit_amount,
    {{ number('depositPercent') }} as deposit_percent,
    {{ text('proposalTagName') }} as proposal_tag_name,
    {{ json('items', '[]') }} as items,
    {{ json('externalLinks', '[]') }} as external_links,

    {{ flag('active') }} as active,
    {{ flag('isRecommended') }} as is_recommended,
    {{ flag('isChangeOrder') }} as is_change_order,
    {{ flag('requireDepositOnSignature') }} as require_deposit_on_signature,

    {{ instant('soldOn') }} as sold_on,
    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('estimates') }}

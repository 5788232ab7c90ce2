select
    {{ record_key() }},

    {{ bigint('customer.id') }} as customer_id,
    (
        select case when count(distinct invoice_id) = 1 then min(invoice_id) end
        from jsonb_array_elements({{ json('appliedTo', '[]') }}) as part
        cross join lateral {{ bigint('appliedTo', 'part') }} as invoice_id
    ) as invoice_id,
    {{ bigint('businessUnit.id') }} as business_unit_id,
    {{ bigint('batch.id') }} as batch_id,
    {{ bigint('deposit.id') }} as deposit_id,
    {{ bigint('refundedPaymentId') }} as refunded_payment_id,

    {{ text('typeId') }} as type_id,
    {{ text('referenceNumber') }} as payment_number,
    {{ text('type') }} as payment_type,
    case when {{ flag('active') }} = false then 'Void' else {{ text('syncStatus') }} end as status,
    {{ text('syncStatus') }} as sync_status,
    {{ text('checkNumber') }} as check_number,
    {{ text('authCode') }} as auth_code,
    {{ text('memo') }} as memo,
    {{ text('createdBy') }} as created_by,
    {{ number('total') }} as amount,
    {{ number('unappliedAmount') }} as unapplied_amount,
    {{ json('appliedTo', '[]') }} as applied_to,
    {{ json('customFields', '[]') }} as custom_fields,

    {{ flag('active') }} as active,

    {{ business_date('date') }} as payment_date,
    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('payments') }}

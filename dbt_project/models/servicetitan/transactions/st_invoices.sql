select
    {{ record_key() }},

    {{ bigint('job.id') }} as job_id,
    {{ bigint('customer.id') }} as customer_id,
    {{ bigint('location.id') }} as location_id,
    {{ bigint('businessUnit.id') }} as business_unit_id,
    {{ bigint('projectId') }} as project_id,
    {{ bigint('membershipId') }} as membership_id,
    {{ bigint('adjustmentToId') }} as adjustment_to_id,
    {{ bigint('batch.id') }} as batch_id,
    {{ bigint('taxZoneId') }} as tax_zone_id,
    {{ bigint('assignedTo.id') }} as assigned_to_id,

    {{ label('referenceNumber') }} as invoice_number,
    {{ text('job.number') }} as job_number,
    {{ text('job.type') }} as job_type_name,
    case
        when {{ flag('active') }} = false then 'Void'
        when {{ number('balance') }} < 0 then 'Credit'
        when {{ number('balance') }} = 0 then 'Paid'
        when {{ number('balance') }} < {{ number('total') }} then 'Partial'
        when {{ number('balance') }} > 0 then 'Open'
    end as status,
    {{ text('syncStatus') }} as sync_status,
    {{ text('sentStatus') }} as sent_status,
    {{ text('reviewStatus') }} as review_status,
    {{ text('invoiceType.name') }} as invoice_type,
    {{ text('invoiceConfiguration') }} as invoice_configuration,
    {{ text('termName') }} as term_name,
    {{ text('summary') }} as summary,
    {{ text('createdBy') }} as created_by,
    {{ number('subTotal') }} as subtotal,
    {{ number('salesTax') }} as sales_tax,
    {{ number('discountTotal') }} as discount_total,
    {{ number('total') }} as total,
    {{ number('balance') }} as balance,
    {{ json('items', '[]') }} as items,
    {{ json('customFields', '[]') }} as custom_fields,

    {{ flag('active') }} as active,

    {{ business_date('invoiceDate') }} as invoice_date,
    {{ business_date('dueDate') }} as due_date,
    {{ business_date('paidOn') }} as paid_on,
    {{ business_date('depositedOn') }} as deposited_on,
    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('invoices') }}

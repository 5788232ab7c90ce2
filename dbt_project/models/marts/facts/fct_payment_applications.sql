with application as materialized (
    select
        payment.tenant_id,
        payment.st_id as payment_id,
        part.position,
        {{ bigint('appliedTo', of='part.applied') }} as invoice_id,
        payment.customer_id,
        payment.business_unit_id,
        {{ number('appliedAmount', of='part.applied') }} as amount,
        payment.payment_date,
        {{ instant('appliedOn', of='part.applied') }} as applied_on
    from {{ ref('st_payments') }} as payment
    cross join jsonb_array_elements(payment.applied_to) with ordinality as part (applied, position)
    where {{ counts('payment') }}
)

select
    application.tenant_id,
    application.payment_id,
    application.position,
    application.invoice_id,
    application.customer_id,
    application.business_unit_id,
    application.amount,
    application.payment_date,
    coalesce({{ local_day('application.applied_on') }}, application.payment_date) as applied_day,
    invoice.invoice_date,
    application.payment_date - invoice.invoice_date as days_to_pay
from application
left join {{ ref('dim_tenants') }} as tenant on application.tenant_id = tenant.tenant_id
left join {{ ref('st_invoices') }} as invoice
    on
        application.tenant_id = invoice.tenant_id
        and application.invoice_id = invoice.st_id
        and {{ counts('invoice') }}

with applied as (
    select
        tenant_id,
        payment_id,
        count(distinct invoice_id) as invoices,
        sum(amount) as amount
    from {{ ref('fct_payment_applications') }}
    group by tenant_id, payment_id
)

select
    payment.tenant_id,
    payment.st_id as payment_id,
    payment.customer_id,
    payment.business_unit_id,
    payment.refunded_payment_id,
    payment.payment_number,
    payment.payment_type,
    payment.status,
    coalesce(applied.invoices, 0) as invoices,
    payment.amount,
    {{ money('applied.amount') }} as applied_amount,
    payment.unapplied_amount,
    payment.payment_date
from {{ ref('st_payments') }} as payment
left join applied on payment.tenant_id = applied.tenant_id and payment.st_id = applied.payment_id
where {{ counts('payment') }}

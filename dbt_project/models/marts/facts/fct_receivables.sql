with invoice as (
    select
        invoice.tenant_id,
        invoice.st_id as invoice_id,
        invoice.customer_id,
        coalesce(invoice.business_unit_id, job.business_unit_id) as business_unit_id,
        invoice.balance,
        coalesce(invoice.invoice_date, {{ local_day('invoice.st_created_on') }}) as invoice_date,
        invoice.due_date
    from {{ ref('st_invoices') }} as invoice
    left join {{ ref('dim_tenants') }} as tenant on invoice.tenant_id = tenant.tenant_id
    left join {{ ref('st_jobs') }} as job
        on invoice.tenant_id = job.tenant_id and invoice.job_id = job.st_id and job.deleted_at is null
    where {{ counts('invoice') }}
),

applied as (
    select
        tenant_id,
        invoice_id,
        applied_day,
        sum(amount) as amount
    from {{ ref('fct_payment_applications') }}
    group by tenant_id, invoice_id, applied_day
),

entry as (
    select
        tenant_id,
        invoice_id,
        invoice_date as day,
        balance as change
    from invoice
    union all
    select
        invoice.tenant_id,
        invoice.invoice_id,
        part.day,
        part.change
    from applied
    inner join invoice on applied.tenant_id = invoice.tenant_id and applied.invoice_id = invoice.invoice_id
    cross join
        lateral (
            values
            (invoice.invoice_date, applied.amount),
            (greatest(applied.applied_day, invoice.invoice_date), -applied.amount)
        ) as part (day, change)
),

changed as (
    select
        tenant_id,
        invoice_id,
        day,
        sum(sum(change)) over invoices as balance,
        lead(day) over invoices as next_day
    from entry
    group by tenant_id, invoice_id, day
    window invoices as (partition by tenant_id, invoice_id order by day)
)

select
    changed.tenant_id,
    changed.invoice_id,
    invoice.customer_id,
    invoice.business_unit_id,
    {{ money('changed.balance') }} as balance,
    invoice.invoice_date,
    invoice.due_date,
    changed.day as first_day,
    changed.next_day - 1 as last_day
from changed
inner join invoice on changed.tenant_id = invoice.tenant_id and changed.invoice_id = invoice.invoice_id
where changed.balance <> 0

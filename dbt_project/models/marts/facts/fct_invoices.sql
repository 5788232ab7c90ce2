with item as (
    select
        tenant_id,
        invoice_id,
        sum(revenue) as revenue,
        sum(total_cost) as item_cost
    from {{ ref('fct_invoice_items') }}
    group by tenant_id, invoice_id
)

select
    invoice.tenant_id,
    invoice.st_id as invoice_id,
    invoice.job_id,
    invoice.adjustment_to_id,
    invoice.customer_id,
    invoice.location_id,
    coalesce(invoice.business_unit_id, job.business_unit_id) as business_unit_id,
    invoice.invoice_number,
    invoice.status,
    {{ revenue_kind('invoice') }} as revenue_kind,
    invoice.subtotal,
    invoice.sales_tax,
    invoice.total,
    invoice.balance,
    {{ money('item.revenue') }} as revenue,
    {{ money('item.item_cost') }} as item_cost,
    coalesce(invoice.sent_status = 'Sent', false) as is_sent,
    coalesce(invoice.invoice_date, {{ local_day('invoice.st_created_on') }}) as invoice_date,
    invoice.due_date,
    invoice.paid_on,
    {{ revenue_day('invoice') }} as revenue_day
from {{ ref('st_invoices') }} as invoice
left join {{ ref('dim_tenants') }} as tenant on invoice.tenant_id = tenant.tenant_id
left join {{ ref('st_jobs') }} as job
    on invoice.tenant_id = job.tenant_id and invoice.job_id = job.st_id and job.deleted_at is null
left join item on invoice.tenant_id = item.tenant_id and invoice.st_id = item.invoice_id
where {{ counts('invoice') }}

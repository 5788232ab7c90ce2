with here as materialized (select raw_servicetitan.today() as today),

tenant as materialized (
    select
        tenant_id,
        raw_servicetitan.today_in(time_zone) as today
    from {{ source('servicetitan', 'tenants') }}
)

select
    invoice.tenant_id,
    invoice.st_id as invoice_id,
    invoice.invoice_number,
    invoice.total,
    invoice.balance,
    invoice.due_date,
    invoice.job_number,
    invoice.customer_id,
    customer.name as customer_name,
    customer.phone as customer_phone,
    customer.email as customer_email,
    case
        when invoice.due_date is null then 'No due date'
        when invoice.due_date < day.today then 'Overdue'
        when invoice.due_date <= day.today + 7 then 'Due Soon'
        else 'Current'
    end as payment_status,
    invoice.st_created_on,
    invoice.st_modified_on,
    invoice.business_unit_id,
    business_unit.name as business_unit,
    invoice.invoice_date,
    case when invoice.due_date is not null then greatest(day.today - invoice.due_date, 0) end as days_overdue
from {{ ref('st_invoices') }} as invoice
cross join here
left join tenant on invoice.tenant_id = tenant.tenant_id
cross join lateral coalesce(tenant.today, here.today) as day (today)
left join {{ ref('st_customers') }} as customer
    on invoice.tenant_id = customer.tenant_id and invoice.customer_id = customer.st_id
left join {{ ref('st_business_units') }} as business_unit
    on invoice.tenant_id = business_unit.tenant_id and invoice.business_unit_id = business_unit.st_id
where invoice.balance > 0 and invoice.active is distinct from false and invoice.deleted_at is null

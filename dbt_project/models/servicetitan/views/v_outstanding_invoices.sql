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
        when invoice.due_date < current_date then 'Overdue'
        when invoice.due_date <= current_date + 7 then 'Due Soon'
        else 'Current'
    end as payment_status,
    invoice.st_created_on,
    invoice.st_modified_on
from {{ ref('st_invoices') }} as invoice
left join {{ ref('st_customers') }} as customer
    on invoice.tenant_id = customer.tenant_id and invoice.customer_id = customer.st_id
where invoice.balance > 0 and invoice.active is distinct from false and invoice.deleted_at is null

select
    job.tenant_id,
    job.st_id as job_id,
    job.job_number,
    job.job_status,
    job.summary,
    job.customer_id,
    customer.name as customer_name,
    customer.phone as customer_phone,
    customer.email as customer_email,
    coalesce(location.city, customer.city) as city,
    coalesce(location.zip, customer.zip) as zip,
    business_unit.name as business_unit,
    job.invoice_total,
    invoice.balance,
    job.st_created_on,
    job.st_modified_on
from {{ ref('st_jobs') }} as job
left join {{ ref('st_customers') }} as customer
    on job.tenant_id = customer.tenant_id and job.customer_id = customer.st_id
left join {{ ref('st_locations') }} as location
    on job.tenant_id = location.tenant_id and job.location_id = location.st_id
left join {{ ref('st_business_units') }} as business_unit
    on job.tenant_id = business_unit.tenant_id and job.business_unit_id = business_unit.st_id
left join {{ ref('st_invoices') }} as invoice
    on job.tenant_id = invoice.tenant_id and job.invoice_id = invoice.st_id
where job.job_status not in ('Completed', 'Canceled') and job.deleted_at is null

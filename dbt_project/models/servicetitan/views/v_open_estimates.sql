select
    estimate.tenant_id,
    estimate.st_id as estimate_id,
    estimate.estimate_number,
    estimate.name as estimate_name,
    estimate.total,
    estimate.job_number,
    estimate.customer_id,
    customer.name as customer_name,
    customer.phone as customer_phone,
    customer.email as customer_email,
    estimate.st_created_on,
    estimate.st_modified_on
from {{ ref('st_estimates') }} as estimate
left join {{ ref('st_customers') }} as customer
    on estimate.tenant_id = customer.tenant_id and estimate.customer_id = customer.st_id
where estimate.status = 'Open' and estimate.active is distinct from false and estimate.deleted_at is null

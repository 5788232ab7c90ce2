with work as (
    select
        tenant_id,
        customer_id,
        count(*) filter (where is_completed) as completed_jobs,
        min(completed_day) as first_job_day,
        max(completed_day) as last_job_day
    from {{ ref('fct_jobs') }}
    group by tenant_id, customer_id
),

earned as (
    select
        tenant_id,
        customer_id,
        sum(revenue) as revenue
    from {{ ref('fct_invoice_items') }}
    group by tenant_id, customer_id
)

select
    customer.tenant_id,
    customer.st_id as customer_id,
    customer.name,
    customer.type,
    customer.city,
    customer.state,
    customer.zip,
    coalesce(work.completed_jobs, 0) as completed_jobs,
    {{ money('earned.revenue') }} as lifetime_value,
    {{ money('customer.balance') }} as balance,
    coalesce(customer.active, true) as is_active,
    {{ local_day('customer.st_created_on') }} as created_day,
    work.first_job_day,
    work.last_job_day
from {{ ref('st_customers') }} as customer
left join {{ ref('dim_tenants') }} as tenant on customer.tenant_id = tenant.tenant_id
left join work on customer.tenant_id = work.tenant_id and customer.st_id = work.customer_id
left join earned on customer.tenant_id = earned.tenant_id and customer.st_id = earned.customer_id
where customer.deleted_at is null

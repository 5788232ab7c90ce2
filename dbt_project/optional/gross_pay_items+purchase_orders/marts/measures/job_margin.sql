with billed as (
    select
        tenant_id,
        job_id,
        sum(total) filter (where is_income) as revenue,
        sum(total_cost) filter (where item_type in ('Material', 'Equipment')) as material_cost
    from {{ ref('fct_invoice_items') }}
    where job_id is not null
    group by 1, 2
),

purchased as (
    select
        tenant_id,
        job_id,
        sum(total) as purchase_cost
    from {{ ref('st_purchase_orders') }}
    where job_id is not null and status is distinct from 'Canceled' and deleted_at is null
    group by 1, 2
),

paid as (
    select
        tenant_id,
        job_id,
        sum(coalesce(amount, 0) + coalesce(amount_adjustment, 0)) as labour_cost,
        sum(paid_hours) as paid_hours
    from {{ ref('st_gross_pay_items') }}
    where job_id is not null and deleted_at is null
    group by 1, 2
),

figures as (
    select
        job.tenant_id,
        job.job_id,
        job.job_number,
        job.business_unit_id,
        job.job_type_id,
        job.customer_id,
        job.completed_day,
        {{ money('billed.revenue') }} as revenue,
        {{ money('billed.material_cost') }} as material_cost,
        {{ money('purchased.purchase_cost') }} as purchase_cost,
        {{ money('paid.labour_cost') }} as labour_cost,
        {{ money('billed.material_cost') }} + {{ money('purchased.purchase_cost') }} + {{ money('paid.labour_cost') }}
            as total_cost,
        {{ money('paid.paid_hours') }} as paid_hours
    from {{ ref('fct_jobs') }} as job
    left join billed on job.tenant_id = billed.tenant_id and job.job_id = billed.job_id
    left join purchased on job.tenant_id = purchased.tenant_id and job.job_id = purchased.job_id
    left join paid on job.tenant_id = paid.tenant_id and job.job_id = paid.job_id
    where job.is_completed
)

select
    tenant_id,
    job_id,
    job_number,
    business_unit_id,
    job_type_id,
    customer_id,
    completed_day,
    revenue,
    material_cost,
    purchase_cost,
    labour_cost,
    {{ money('total_cost') }} as total_cost,
    {{ money('revenue - total_cost') }} as gross_margin,
    {{ ratio('(revenue - total_cost)', 'revenue') }} as gross_margin_rate,
    paid_hours
from figures

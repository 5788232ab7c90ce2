with billed as (
    select
        tenant_id,
        job_id,
        sum(subtotal) as subtotal
    from {{ ref('st_invoices') }} as invoice
    where {{ counts('invoice') }} and adjustment_to_id is null
    group by tenant_id, job_id
),

earned as (
    select
        tenant_id,
        job_id,
        sum(revenue) as revenue
    from {{ ref('fct_invoice_items') }}
    where revenue_kind = 'Completed'
    group by tenant_id, job_id
),

quoted as (
    select
        tenant_id,
        job_id,
        count(*) as estimates,
        count(*) filter (where status = 'Sold') as sold_estimates,
        sum(subtotal) filter (where status = 'Sold') as sold_subtotal,
        min(sold_on) filter (where status = 'Sold') as first_sold_on
    from {{ ref('st_estimates') }} as estimate
    where {{ counts('estimate') }}
    group by tenant_id, job_id
),

visited as (
    select
        tenant_id,
        job_id,
        array_agg(distinct technician_id order by technician_id) filter (where technician_id is not null)
            as technician_ids,
        min(start_on) as first_start_on
    from {{ ref('st_appointments') }} as appointment
    left join lateral unnest(technician_ids) as technician_id on true
    where {{ counts('appointment') }} and status is distinct from 'Canceled'
    group by tenant_id, job_id
),

job as (
    select
        job.*,
        billed.subtotal,
        earned.revenue,
        quoted.estimates,
        quoted.sold_estimates,
        quoted.sold_subtotal,
        quoted.first_sold_on,
        visited.technician_ids,
        visited.first_start_on,
        tenant.time_zone,
        {{ is_completed() }} as is_completed,
        coalesce(job.no_charge, false) or coalesce(job_type.no_charge, false) as is_no_charge,
        coalesce(billed.subtotal > 0 and billed.subtotal >= coalesce(job_type.sold_threshold, 0), false) as is_billed,
        coalesce(
            quoted.sold_subtotal > 0 and quoted.sold_subtotal >= coalesce(job_type.sold_threshold, 0), false
        ) as is_closed
    from {{ ref('st_jobs') }} as job
    left join {{ ref('dim_tenants') }} as tenant on job.tenant_id = tenant.tenant_id
    left join {{ ref('st_job_types') }} as job_type
        on job.tenant_id = job_type.tenant_id and job.job_type_id = job_type.st_id
    left join billed on job.tenant_id = billed.tenant_id and job.st_id = billed.job_id
    left join earned on job.tenant_id = earned.tenant_id and job.st_id = earned.job_id
    left join quoted on job.tenant_id = quoted.tenant_id and job.st_id = quoted.job_id
    left join visited on job.tenant_id = visited.tenant_id and job.st_id = visited.job_id
    where job.deleted_at is null
)

select
    tenant_id,
    st_id as job_id,
    customer_id,
    location_id,
    business_unit_id,
    job_type_id,
    campaign_id,
    project_id,
    recall_for_id,
    lead_call_id,
    booking_id,
    coalesce(technician_ids, '{}') as technician_ids,
    job_number,
    job_status,
    coalesce(estimates, 0) as estimates,
    coalesce(sold_estimates, 0) as sold_estimates,
    {{ money('sold_subtotal') }} as sold_subtotal,
    {{ money('subtotal') }} as invoice_subtotal,
    {{ money('revenue') }} as revenue,
    is_completed,
    coalesce(job_status = 'Canceled', false) as is_canceled,
    is_no_charge,
    is_completed and (not is_no_charge or is_billed or is_closed) as is_opportunity,
    is_completed and (is_billed or is_closed) as is_converted,
    coalesce(estimates, 0) > 0 and (is_completed or first_sold_on is not null) as is_sales_opportunity,
    is_closed,
    {{ local_day('st_created_on', 'job') }} as booked_day,
    {{ local_day('first_start_on', 'job') }} as first_appointment_day,
    case when is_completed then {{ local_day('job_completion_time', 'job') }} end as completed_day,
    case
        when first_sold_on is not null then {{ local_day('first_sold_on', 'job') }}
        when estimates > 0 and is_completed then {{ local_day('job_completion_time', 'job') }}
    end as sales_day
from job

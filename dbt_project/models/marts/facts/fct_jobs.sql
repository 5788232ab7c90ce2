with billed as (
    select
        invoice.tenant_id,
        invoice.job_id,
        sum(invoice.subtotal) as subtotal
    from {{ ref('st_invoices') }} as invoice
    where {{ counts('invoice') }} and invoice.adjustment_to_id is null
    group by invoice.tenant_id, invoice.job_id
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
        estimate.tenant_id,
        estimate.job_id,
        count(*) as estimates,
        count(*) filter (where estimate.status = 'Sold') as sold_estimates,
        sum(estimate.subtotal) filter (where estimate.status = 'Sold') as sold_subtotal,
        min(estimate.sold_on) filter (where estimate.status = 'Sold') as first_sold_on
    from {{ ref('st_estimates') }} as estimate
    where {{ counts('estimate') }}
    group by estimate.tenant_id, estimate.job_id
),

visited as (
    select
        appointment.tenant_id,
        appointment.job_id,
        array_agg(distinct technician.id order by technician.id) filter (where technician.id is not null)
            as technician_ids,
        min(appointment.start_on) as first_start_on
    from {{ ref('st_appointments') }} as appointment
    left join lateral unnest(appointment.technician_ids) as technician (id) on true
    where {{ counts('appointment') }} and appointment.status is distinct from 'Canceled'
    group by appointment.tenant_id, appointment.job_id
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
    job.tenant_id,
    job.st_id as job_id,
    job.customer_id,
    job.location_id,
    job.business_unit_id,
    job.job_type_id,
    job.campaign_id,
    job.project_id,
    job.recall_for_id,
    job.lead_call_id,
    job.booking_id,
    coalesce(job.technician_ids, '{}') as technician_ids,
    job.job_number,
    job.job_status,
    coalesce(job.estimates, 0) as estimates,
    coalesce(job.sold_estimates, 0) as sold_estimates,
    {{ money('job.sold_subtotal') }} as sold_subtotal,
    {{ money('job.subtotal') }} as invoice_subtotal,
    {{ money('job.revenue') }} as revenue,
    job.is_completed,
    coalesce(job.job_status = 'Canceled', false) as is_canceled,
    job.is_no_charge,
    job.is_completed and (not job.is_no_charge or job.is_billed or job.is_closed) as is_opportunity,
    job.is_completed and (job.is_billed or job.is_closed) as is_converted,
    coalesce(job.estimates, 0) > 0 and (job.is_completed or job.first_sold_on is not null) as is_sales_opportunity,
    job.is_closed,
    {{ local_day('job.st_created_on', 'job') }} as booked_day,
    {{ local_day('job.first_start_on', 'job') }} as first_appointment_day,
    case when job.is_completed then {{ local_day('job.job_completion_time', 'job') }} end as completed_day,
    case
        when job.first_sold_on is not null then {{ local_day('job.first_sold_on', 'job') }}
        when job.estimates > 0 and job.is_completed then {{ local_day('job.job_completion_time', 'job') }}
    end as sales_day
from job

with pay as (
    select
        tenant_id,
        employee_id as technician_id,
        {{ month_of('pay_date') }} as month,
        sum(coalesce(amount, 0) + coalesce(amount_adjustment, 0)) as labour_cost,
        sum(coalesce(amount, 0) + coalesce(amount_adjustment, 0)) filter (where job_id is not null) as job_labour_cost,
        sum(paid_hours) as paid_hours
    from {{ ref('st_gross_pay_items') }}
    where
        employee_type = 'Technician'
        and employee_id is not null
        and pay_date is not null
        and deleted_at is null
    group by 1, 2, 3
),

month as (
    select
        tenant_id,
        technician_id,
        month,
        coalesce(worked.driving_hours, 0) as driving_hours,
        coalesce(worked.working_hours, 0) as working_hours,
        coalesce(worked.job_hours, 0) as job_hours,
        coalesce(pay.paid_hours, 0) as paid_hours,
        coalesce(pay.labour_cost, 0) as labour_cost,
        coalesce(pay.job_labour_cost, 0) as job_labour_cost
    from {{ ref('job_hours_by_technician_and_month') }} as worked
    full join pay using (tenant_id, technician_id, month)
)

select
    month.tenant_id,
    month.technician_id,
    month.month,
    technician.name as technician_name,
    technician.business_unit_id,
    cast(month.driving_hours as numeric(18, 4)) as driving_hours,
    cast(month.working_hours as numeric(18, 4)) as working_hours,
    cast(month.job_hours as numeric(18, 4)) as job_hours,
    cast(month.paid_hours as numeric(18, 4)) as paid_hours,
    cast(month.labour_cost as numeric(18, 4)) as labour_cost,
    cast(month.job_labour_cost as numeric(18, 4)) as job_labour_cost,
    {{ ratio('month.labour_cost', 'month.paid_hours') }} as cost_per_paid_hour
from month
left join {{ ref('st_technicians') }} as technician
    on month.tenant_id = technician.tenant_id and month.technician_id = technician.st_id

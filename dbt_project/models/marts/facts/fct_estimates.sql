select
    estimate.tenant_id,
    estimate.st_id as estimate_id,
    estimate.job_id,
    estimate.customer_id,
    estimate.location_id,
    coalesce(estimate.business_unit_id, job.business_unit_id) as business_unit_id,
    estimate.sold_by as sold_by_id,
    estimate.name,
    estimate.status,
    estimate.subtotal,
    estimate.tax,
    estimate.total,
    {{ local_day('estimate.st_created_on') }} as created_day,
    case when estimate.status = 'Sold' then {{ local_day('estimate.sold_on') }} end as sold_day,
    case estimate.status
        when 'Sold' then {{ local_day('estimate.sold_on') }}
        when 'Dismissed' then {{ local_day('estimate.st_modified_on') }}
    end as decided_day,
    case
        when estimate.status = 'Sold'
            then {{ local_day('estimate.sold_on') }} - {{ local_day('estimate.st_created_on') }}
    end as days_to_close,
    case
        when estimate.status = 'Open' then {{ today() }} - {{ local_day('estimate.st_created_on') }}
    end as age
from {{ ref('st_estimates') }} as estimate
left join {{ ref('dim_tenants') }} as tenant on estimate.tenant_id = tenant.tenant_id
left join {{ ref('st_jobs') }} as job
    on estimate.tenant_id = job.tenant_id and estimate.job_id = job.st_id and job.deleted_at is null
where {{ counts('estimate') }}

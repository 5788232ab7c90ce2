with figure as (
    select
        job.tenant_id,
        job.business_unit_id,
        job.job_type_id,
        job.campaign_id,
        part.day,
        part.measure
    from {{ ref('fct_jobs') }} as job
    cross join
        lateral (
            values
            ('booked', job.booked_day, true),
            ('canceled', job.booked_day, job.is_canceled),
            ('completed', job.completed_day, job.is_completed)
        ) as part (measure, day, holds)
    where part.holds and part.day is not null
)

select
    figure.tenant_id,
    figure.day,
    figure.business_unit_id,
    figure.job_type_id,
    figure.campaign_id,
    business_unit.name as business_unit,
    job_type.name as job_type,
    campaign.name as campaign,
    {{ number_of('booked') }} as booked,
    {{ number_of('canceled') }} as canceled,
    {{ number_of('completed') }} as completed
from figure
left join {{ ref('st_business_units') }} as business_unit
    on figure.tenant_id = business_unit.tenant_id and figure.business_unit_id = business_unit.st_id
left join {{ ref('st_job_types') }} as job_type
    on figure.tenant_id = job_type.tenant_id and figure.job_type_id = job_type.st_id
left join {{ ref('st_campaigns') }} as campaign
    on figure.tenant_id = campaign.tenant_id and figure.campaign_id = campaign.st_id
group by 1, 2, 3, 4, 5, 6, 7, 8

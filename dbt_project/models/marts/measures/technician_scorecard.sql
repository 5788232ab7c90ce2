with crew as (
    select
        job.*,
        technician.id as technician_id
    from {{ ref('fct_jobs') }} as job
    cross join unnest(job.technician_ids) as technician (id)
),

figure as (
    select
        crew.tenant_id,
        crew.technician_id,
        part.day,
        part.measure,
        part.value
    from crew
    cross join
        lateral (
            values
            ('completed', crew.completed_day, crew.is_completed, crew.revenue / cardinality(crew.technician_ids)),
            ('opportunity', crew.completed_day, crew.is_opportunity, crew.revenue),
            ('converted', crew.completed_day, crew.is_converted, null)
        ) as part (measure, day, holds, value)
    where part.holds
    union all
    select
        crew.tenant_id,
        crew.technician_id,
        recall.booked_day as day,
        'recall' as measure,
        null as value
    from {{ ref('fct_jobs') }} as recall
    inner join crew on recall.tenant_id = crew.tenant_id and recall.recall_for_id = crew.job_id
    where not recall.is_canceled
    union all
    select
        estimate.tenant_id,
        estimate.sold_by_id as technician_id,
        estimate.sold_day as day,
        'sold' as measure,
        estimate.subtotal as value
    from {{ ref('fct_estimates') }} as estimate
    where estimate.sold_day is not null
)

select
    figure.tenant_id,
    figure.technician_id,
    {{ month_of('figure.day') }} as month,
    technician.name as technician,
    {{ number_of('completed') }} as completed,
    {{ money_of('completed') }} as revenue,
    {{ number_of('opportunity') }} as opportunities,
    {{ number_of('converted') }} as converted,
    {{ ratio(number_of('converted'), number_of('opportunity')) }} as conversion_rate,
    {{ ratio(money_of('opportunity'), number_of('opportunity')) }} as average_ticket,
    {{ number_of('sold') }} as sold_estimates,
    {{ money_of('sold') }} as sold,
    {{ number_of('recall') }} as recalls
from figure
inner join {{ ref('dim_technicians') }} as technician
    on figure.tenant_id = technician.tenant_id and figure.technician_id = technician.technician_id
where figure.day is not null
group by 1, 2, 3, 4

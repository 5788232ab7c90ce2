with figure as (
    select
        estimate.tenant_id,
        estimate.business_unit_id,
        part.day,
        part.measure,
        part.value,
        estimate.days_to_close
    from {{ ref('fct_estimates') }} as estimate
    cross join
        lateral (
            values
            ('created', estimate.created_day, estimate.subtotal),
            (lower(estimate.status), estimate.decided_day, estimate.subtotal)
        ) as part (measure, day, value)
    union all
    select
        job.tenant_id,
        job.business_unit_id,
        job.sales_day as day,
        case when job.is_closed then 'closed' else 'not closed' end as measure,
        null as value,
        null as days_to_close
    from {{ ref('fct_jobs') }} as job
    where job.is_sales_opportunity
),

month as (
    select
        figure.tenant_id,
        {{ month_of('figure.day') }} as month,
        figure.business_unit_id,
        {{ number_of('created') }} as created,
        {{ money_of('created') }} as created_value,
        {{ number_of('sold') }} as sold,
        {{ money_of('sold') }} as sold_value,
        {{ number_of('dismissed') }} as dismissed,
        {{ money_of('dismissed') }} as dismissed_value,
        cast(avg(figure.days_to_close) filter (where figure.measure = 'sold') as numeric(18, 4)) as days_to_close,
        {{ number_of('closed') }} as closed_opportunities,
        {{ number_of('closed') }} + {{ number_of('not closed') }} as sales_opportunities
    from figure
    where figure.day is not null
    group by 1, 2, 3
)

select
    month.tenant_id,
    month.month,
    month.business_unit_id,
    business_unit.name as business_unit,
    month.created,
    month.created_value,
    month.sold,
    month.sold_value,
    month.dismissed,
    month.dismissed_value,
    month.days_to_close,
    month.sales_opportunities,
    month.closed_opportunities,
    {{ ratio('month.closed_opportunities', 'month.sales_opportunities') }} as close_rate
from month
left join {{ ref('st_business_units') }} as business_unit
    on month.tenant_id = business_unit.tenant_id and month.business_unit_id = business_unit.st_id

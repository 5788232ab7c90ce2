with figure as (
    select
        tenant_id,
        business_unit_id,
        revenue_day as day,
        revenue_kind as measure,
        revenue as value
    from {{ ref('fct_invoice_items') }}
    where is_income
    union all
    select
        job.tenant_id,
        job.business_unit_id,
        part.day,
        part.measure,
        part.value
    from {{ ref('fct_jobs') }} as job
    cross join
        lateral (
            values
            ('booked', job.booked_day, true, 1.0),
            ('canceled', job.booked_day, job.is_canceled, 1.0),
            ('completed', job.completed_day, job.is_completed, 1.0),
            ('opportunity', job.completed_day, job.is_opportunity, job.revenue),
            ('sales opportunity', job.sales_day, job.is_sales_opportunity, 1.0),
            ('closed', job.sales_day, job.is_closed, 1.0)
        ) as part (measure, day, holds, value)
    where part.holds
    union all
    select
        tenant_id,
        business_unit_id,
        sold_day as day,
        'sold' as measure,
        subtotal as value
    from {{ ref('fct_estimates') }}
    where status = 'Sold'
),

month as (
    select
        tenant_id,
        {{ month_of('day') }} as month,
        business_unit_id,
        {{ money_of('Completed') }} as completed_revenue,
        {{ money_of('Non-Job') }} as non_job_revenue,
        {{ money_of('Adjustment') }} as adjustment_revenue,
        {{ number_of('booked') }} as booked,
        {{ number_of('canceled') }} as canceled,
        {{ number_of('completed') }} as completed,
        {{ number_of('opportunity') }} as opportunities,
        {{ money_of('opportunity') }} as opportunity_revenue,
        {{ number_of('sold') }} as sold_estimates,
        {{ money_of('sold') }} as sold,
        {{ number_of('sales opportunity') }} as sales_opportunities,
        {{ number_of('closed') }} as closed_opportunities
    from figure
    where day is not null
    group by 1, 2, 3
)

select
    month.tenant_id,
    month.month,
    month.business_unit_id,
    business_unit.name as business_unit,
    {{ money('completed_revenue + non_job_revenue + adjustment_revenue') }} as revenue,
    month.completed_revenue,
    month.non_job_revenue,
    month.adjustment_revenue,
    month.booked,
    month.canceled,
    month.completed,
    month.opportunities,
    month.opportunity_revenue,
    {{ ratio('month.opportunity_revenue', 'month.opportunities') }} as average_ticket,
    month.sold_estimates,
    month.sold,
    month.sales_opportunities,
    month.closed_opportunities,
    {{ ratio('month.closed_opportunities', 'month.sales_opportunities') }} as close_rate
from month
left join {{ ref('st_business_units') }} as business_unit
    on month.tenant_id = business_unit.tenant_id and month.business_unit_id = business_unit.st_id

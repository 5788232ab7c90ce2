with spent as (
    select
        cost.tenant_id,
        cost.campaign_id,
        cost.month_start as month,
        sum(cost.daily_cost * least(
            cast(cost.month_start + interval '1 month' as date) - cost.month_start,
            {{ today() }} - cost.month_start + 1
        )) as cost
    from {{ ref('v_campaign_costs') }} as cost
    left join {{ ref('dim_tenants') }} as tenant on cost.tenant_id = tenant.tenant_id
    where cost.campaign_id is not null and cost.month_start <= {{ today() }}
    group by 1, 2, 3
),

called as (
    select
        tenant_id,
        campaign_id,
        month,
        inbound_calls,
        lead_calls,
        booked_calls
    from {{ ref('call_booking_by_campaign') }}
    where campaign_id is not null
),

booked as (
    select
        tenant_id,
        campaign_id,
        {{ month_of('booked_day') }} as month,
        count(*) as booked_jobs
    from {{ ref('fct_jobs') }}
    where campaign_id is not null and booked_day is not null
    group by 1, 2, 3
),

earned as (
    select
        tenant_id,
        campaign_id,
        {{ month_of('completed_day') }} as month,
        count(*) as completed_jobs,
        sum(revenue) as revenue
    from {{ ref('fct_jobs') }}
    where campaign_id is not null and is_completed
    group by 1, 2, 3
),

figures as (
    select
        tenant_id,
        campaign_id,
        month,
        coalesce(called.inbound_calls, 0) as inbound_calls,
        coalesce(called.lead_calls, 0) as lead_calls,
        coalesce(called.booked_calls, 0) as booked_calls,
        coalesce(booked.booked_jobs, 0) as booked_jobs,
        coalesce(earned.completed_jobs, 0) as completed_jobs,
        {{ money('earned.revenue') }} as revenue,
        {{ money('spent.cost') }} as cost
    from spent
    full join called using (tenant_id, campaign_id, month)
    full join booked using (tenant_id, campaign_id, month)
    full join earned using (tenant_id, campaign_id, month)
)

select
    figures.tenant_id,
    figures.campaign_id,
    figures.month,
    campaign.name as campaign,
    campaign.category_name as category,
    figures.inbound_calls,
    figures.lead_calls,
    figures.booked_calls,
    figures.booked_jobs,
    figures.completed_jobs,
    figures.revenue,
    figures.cost,
    {{ ratio('figures.booked_calls', 'figures.lead_calls') }} as booked_rate,
    {{ ratio('figures.cost', 'figures.lead_calls') }} as cost_per_lead,
    {{ ratio('figures.cost', 'figures.booked_jobs') }} as cost_per_booked_job,
    {{ ratio('figures.revenue', 'figures.cost') }} as revenue_per_cost
from figures
left join {{ ref('st_campaigns') }} as campaign
    on figures.tenant_id = campaign.tenant_id and figures.campaign_id = campaign.st_id

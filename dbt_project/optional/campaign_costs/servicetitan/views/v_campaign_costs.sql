with cost as (
    select
        *,
        case
            when month between 1 and 12 and year between 1 and 9999
                then make_date(cast(year as integer), cast(month as integer), 1)
        end as month_start
    from {{ ref('st_campaign_costs') }}
)

select
    cost.tenant_id,
    cost.campaign_id,
    campaign.name as campaign_name,
    campaign.category_name,
    cost.month_start,
    cost.daily_cost,
    cast(
        cost.daily_cost * extract(day from cost.month_start + interval '1 month -1 day') as numeric(20, 4)
    ) as monthly_cost
from cost
left join {{ ref('st_campaigns') }} as campaign
    on cost.tenant_id = campaign.tenant_id and cost.campaign_id = campaign.st_id
where cost.deleted_at is null

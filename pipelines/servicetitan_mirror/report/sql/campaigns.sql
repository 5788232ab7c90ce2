select
    tenant_id,
    month,
    coalesce(campaign, 'Campaign ' || campaign_id) as campaign,
    lead_calls,
    booked_jobs,
    cost,
    revenue
from analytics.campaign_return
where month > current_date - interval '5 years'
order by month, campaign

select
    tenant_id,
    month,
    campaign,
    leads,
    booked,
    cost,
    revenue
from analytics.campaign_return
where month > current_date - interval '5 years' and month <= current_date
order by month, campaign

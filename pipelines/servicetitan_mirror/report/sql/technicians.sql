select
    tenant_id,
    month,
    technician,
    completed,
    opportunities,
    converted,
    revenue,
    recalls
from analytics.technician_scorecard
where month > current_date - interval '5 years' and month <= current_date
order by month, technician

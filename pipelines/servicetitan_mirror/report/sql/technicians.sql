select
    tenant_id,
    month,
    coalesce(technician, 'Technician ' || technician_id) as technician,
    completed,
    revenue,
    opportunities,
    converted,
    sold,
    recalls
from analytics.technician_scorecard
where month > current_date - interval '5 years'
order by month, technician

select
    coalesce(technician, 'Technician ' || technician_id) as name,
    sum(revenue) as revenue,
    sum(completed) as completed,
    sum(opportunities) as opportunities,
    sum(converted) as converted,
    sum(sold) as sold,
    sum(recalls) as recalls
from analytics.technician_scorecard
where tenant_id = %(tenant)s and month between %(first)s and %(last)s
group by 1

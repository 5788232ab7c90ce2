-- The technicians' scorecard of the latest month
select
    technician,
    completed,
    revenue,
    opportunities,
    converted,
    conversion_rate,
    average_ticket,
    sold,
    recalls
from analytics.technician_scorecard
where month = (select max(month) from analytics.technician_scorecard where completed > 0)
order by revenue desc;

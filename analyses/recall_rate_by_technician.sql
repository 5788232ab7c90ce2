-- Recalls by hundred completed jobs
select
    technician,
    sum(recalls) as recalls,
    sum(completed) as completed,
    round(100.0 * sum(recalls) / nullif(sum(completed), 0), 1) as per_hundred
from analytics.technician_scorecard
group by technician
order by per_hundred desc nulls last;

-- Technicians over the past year; sums first, then rates
select
    technician,
    sum(completed) as completed,
    sum(revenue) as revenue,
    round(100.0 * sum(converted) / nullif(sum(opportunities), 0), 1) as conversion_percent,
    sum(sold) as sold,
    sum(recalls) as recalls
from analytics.technician_scorecard
where month > current_date - 365
group by technician
order by revenue desc;

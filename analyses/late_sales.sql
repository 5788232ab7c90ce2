-- Estimates that were sold more than two weeks after they were made
select
    estimate_id,
    created_day,
    sold_day,
    days_to_close,
    subtotal
from analytics.fct_estimates
where days_to_close > 14
order by sold_day desc;

-- Which business unit earns how much this year, and which share of all
select
    business_unit,
    sum(revenue) as revenue,
    round(100 * sum(revenue) / nullif(sum(sum(revenue)) over (), 0), 1) as percent
from analytics.business_by_month
where month >= date_trunc('year', current_date)
group by business_unit
order by revenue desc;

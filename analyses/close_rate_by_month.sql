-- Close rate and sales by month
select
    month,
    sum(closed_opportunities) as closed,
    sum(sales_opportunities) as opportunities,
    round(100.0 * sum(closed_opportunities) / nullif(sum(sales_opportunities), 0), 1) as percent,
    sum(sold_value) as sold
from analytics.estimates_by_month
group by month
order by month desc
limit 12;

-- The twenty pricebook items that brought most, with what they cost
select
    sku_name,
    max(display_name) as name,
    sum(quantity) as quantity,
    sum(revenue) as revenue,
    sum(total_cost) as cost
from analytics.fct_invoice_items
where revenue <> 0
group by sku_name
order by revenue desc
limit 20;

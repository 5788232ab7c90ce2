-- Revenue by account of the general ledger
select
    account_number,
    account_name,
    sum(revenue) as revenue,
    count(*) as items
from analytics.fct_invoice_items
where is_income
group by account_number, account_name
order by revenue desc;

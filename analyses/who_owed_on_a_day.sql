-- Who owed how much a hundred days ago; any day will do
select
    customer.name,
    sum(receivable.balance) as balance,
    min(receivable.invoice_date) as oldest
from analytics.fct_receivables as receivable
left join analytics.dim_customers as customer
    on receivable.tenant_id = customer.tenant_id and receivable.customer_id = customer.customer_id
where current_date - 100 between receivable.first_day and coalesce(receivable.last_day, current_date)
group by customer.name
order by balance desc
limit 50;

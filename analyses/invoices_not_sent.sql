-- Invoices with a balance that were never sent
select
    invoice_number,
    invoice_date,
    customer_id,
    balance
from analytics.fct_invoices
where balance > 0 and not is_sent
order by balance desc;

-- The invoices that adjust others, the largest first
select
    invoice_number,
    adjustment_to_id,
    invoice_date,
    revenue,
    total
from analytics.fct_invoices
where revenue_kind = 'Adjustment'
order by abs(total) desc;

-- Payments of which a part pays no invoice yet
select
    payment_number,
    payment_date,
    customer_id,
    amount,
    unapplied_amount
from analytics.fct_payments
where unapplied_amount > 0
order by unapplied_amount desc;

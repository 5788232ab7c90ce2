select
    coalesce(named.name, 'Customer ' || owed.customer_id) as name,
    'invoice ' || owed.invoice_id || ' of ' || owed.invoice_date as record,
    owed.first_day as day,
    owed.balance as amount
from analytics.fct_receivables as owed
left join public.st_customers as named
    on owed.tenant_id = named.tenant_id and owed.customer_id = named.st_id
where
    owed.tenant_id = %(tenant)s and owed.first_day <= %(last)s::date + 1
    and (owed.last_day is null or owed.last_day >= %(last)s)

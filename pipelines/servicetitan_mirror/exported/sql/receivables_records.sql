select
    coalesce(named.name, {unnamed}) as name,
    'invoice ' || owed.invoice_id || ' of ' || owed.invoice_date as record,
    owed.first_day as day,
    owed.balance as amount
from analytics.fct_receivables as owed
left join public.{table} as named
    on owed.tenant_id = named.tenant_id and owed.{id} = named.st_id
where
    owed.tenant_id = %(tenant)s and owed.first_day <= %(last)s::date + 1
    and (owed.last_day is null or owed.last_day >= %(last)s)

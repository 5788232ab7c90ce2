select
    coalesce(named.name, {unnamed}) as name,
    sum(owed.balance) as balance,
    sum(owed.balance) filter (where %(last)s::date - owed.invoice_date <= 30) as days_0_to_30,
    sum(owed.balance) filter (where %(last)s::date - owed.invoice_date between 31 and 60) as days_31_to_60,
    sum(owed.balance) filter (where %(last)s::date - owed.invoice_date between 61 and 90) as days_61_to_90,
    sum(owed.balance) filter (where %(last)s::date - owed.invoice_date between 91 and 120) as days_91_to_120,
    sum(owed.balance) filter (where %(last)s::date - owed.invoice_date > 120) as days_over_120
from analytics.fct_receivables as owed
left join public.{table} as named
    on owed.tenant_id = named.tenant_id and owed.{id} = named.st_id
where
    owed.tenant_id = %(tenant)s and owed.first_day <= %(last)s
    and (owed.last_day is null or owed.last_day >= %(last)s)
group by 1

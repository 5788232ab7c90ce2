select
    owed.tenant_id,
    date_trunc('month', owed.day)::date as month,
    coalesce(owed.business_unit, 'No business unit') as business_unit,
    owed.invoices,
    owed.balance,
    owed.days_0_to_30,
    owed.days_31_to_60,
    owed.days_61_to_90,
    owed.days_91_to_120,
    owed.days_over_120
from analytics.receivables_aging as owed
inner join analytics.dim_tenants as tenant on owed.tenant_id = tenant.tenant_id
where
    owed.day = tenant.today
    or owed.day = (date_trunc('month', owed.day) + interval '1 month - 1 day')::date
order by month, business_unit

-- What is owed today, by business unit and age
select
    business_unit,
    balance,
    days_0_to_30,
    days_31_to_60,
    days_61_to_90,
    days_91_to_120,
    days_over_120
from analytics.receivables_aging as aging
inner join analytics.dim_tenants as tenant on aging.tenant_id = tenant.tenant_id and aging.day = tenant.today
order by balance desc;

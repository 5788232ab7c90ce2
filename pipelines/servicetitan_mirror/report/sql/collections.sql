select
    tenant_id,
    date_trunc('month', day)::date as month,
    coalesce(business_unit, 'No business unit') as business_unit,
    sum(payments) as payments,
    sum(collected) as collected,
    sum(applied) as applied,
    sum(applied_within_7_days) as applied_within_7_days,
    sum(applied * days_to_pay) as applied_days
from analytics.collections_by_day
where day > current_date - interval '5 years'
group by 1, 2, 3
order by month, business_unit

select
    tenant_id,
    date_trunc('month', day)::date as month,
    sum(payments) as payments,
    sum(collected) as collected
from analytics.collections_by_day
where day > current_date - interval '5 years' and day <= current_date
group by tenant_id, 2
order by 2

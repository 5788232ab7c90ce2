select
    tenant_id,
    month,
    active_at_start,
    new_sales,
    renewals,
    canceled,
    expired
from analytics.memberships_by_month
where month > current_date - interval '5 years'
order by month

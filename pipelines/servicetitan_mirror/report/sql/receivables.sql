select
    tenant_id,
    coalesce(business_unit, 'No business unit') as business_unit,
    bucket,
    count(*) as invoices,
    sum(balance) as balance
from analytics.receivables_aging
group by tenant_id, 2, bucket
order by 2, bucket

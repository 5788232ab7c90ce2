select
    tenant.tenant_id,
    cast(each.day as date) as day,
    cast(date_trunc('week', each.day) as date) as week,
    cast(date_trunc('month', each.day) as date) as month,
    cast(date_trunc('quarter', each.day) as date) as quarter,
    cast(extract(year from each.day) as integer) as year,
    cast(extract(isodow from each.day) as integer) as day_of_week,
    to_char(each.day, 'FMDay') as day_name,
    to_char(each.day, 'FMMonth') as month_name,
    extract(isodow from each.day) > 5 as is_weekend,
    tenant.today - cast(each.day as date) as days_ago
from {{ ref('dim_tenants') }} as tenant
cross join
    generate_series(
        timestamp '2000-01-01',
        date_trunc('year', cast(tenant.today as timestamp)) + interval '2 years' - interval '1 day',
        interval '1 day'
    ) as each (day)

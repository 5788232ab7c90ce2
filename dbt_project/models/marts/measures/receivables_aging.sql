with span as (
    select
        receivable.tenant_id,
        receivable.business_unit_id,
        receivable.balance,
        receivable.invoice_date,
        greatest(receivable.first_day, {{ today() }} - 365) as first_day,
        least(coalesce(receivable.last_day, {{ today() }}), {{ today() }}) as last_day
    from {{ ref('fct_receivables') }} as receivable
    left join {{ ref('dim_tenants') }} as tenant on receivable.tenant_id = tenant.tenant_id
),

owed as (
    select
        span.tenant_id,
        span.business_unit_id,
        span.balance,
        span.first_day + later.days as day,
        span.first_day + later.days - span.invoice_date as age
    from span
    cross join generate_series(0, span.last_day - span.first_day) as later (days)
)

select
    owed.tenant_id,
    owed.day,
    owed.business_unit_id,
    business_unit.name as business_unit,
    count(*) as invoices,
    {{ money('sum(owed.balance)') }} as balance,
    {{ money('sum(owed.balance) filter (where owed.age <= 30)') }} as days_0_to_30,
    {{ money('sum(owed.balance) filter (where owed.age between 31 and 60)') }} as days_31_to_60,
    {{ money('sum(owed.balance) filter (where owed.age between 61 and 90)') }} as days_61_to_90,
    {{ money('sum(owed.balance) filter (where owed.age between 91 and 120)') }} as days_91_to_120,
    {{ money('sum(owed.balance) filter (where owed.age > 120)') }} as days_over_120
from owed
left join {{ ref('st_business_units') }} as business_unit
    on owed.tenant_id = business_unit.tenant_id and owed.business_unit_id = business_unit.st_id
group by owed.tenant_id, owed.day, owed.business_unit_id, business_unit.name

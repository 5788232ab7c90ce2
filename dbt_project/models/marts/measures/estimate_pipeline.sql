with pending as (
    select
        tenant_id,
        business_unit_id,
        subtotal,
        age as days,
        case when age <= 7 then '0-7' when age <= 14 then '8-14' when age <= 30 then '15-30' else '30+' end as age
    from {{ ref('fct_estimates') }}
    where status = 'Open'
)

select
    pending.tenant_id,
    pending.business_unit_id,
    business_unit.name as business_unit,
    pending.age,
    count(*) as estimates,
    {{ money('sum(pending.subtotal)') }} as value,
    max(pending.days) as oldest
from pending
left join {{ ref('st_business_units') }} as business_unit
    on pending.tenant_id = business_unit.tenant_id and pending.business_unit_id = business_unit.st_id
group by pending.tenant_id, pending.business_unit_id, business_unit.name, pending.age

with figure as (
    select
        tenant_id,
        business_unit_id,
        payment_date as day,
        amount as collected,
        1 as payments,
        null as applied,
        null as days_to_pay
    from {{ ref('fct_payments') }}
    union all
    select
        tenant_id,
        business_unit_id,
        payment_date as day,
        0 as collected,
        0 as payments,
        amount as applied,
        days_to_pay
    from {{ ref('fct_payment_applications') }}
    where days_to_pay is not null
)

select
    figure.tenant_id,
    figure.day,
    figure.business_unit_id,
    business_unit.name as business_unit,
    sum(figure.payments) as payments,
    {{ money('sum(figure.collected)') }} as collected,
    {{ money('sum(figure.applied)') }} as applied,
    {{ money('sum(figure.applied) filter (where figure.days_to_pay <= 7)') }} as applied_within_7_days,
    {{ ratio('sum(figure.applied) filter (where figure.days_to_pay <= 7)', 'sum(figure.applied)') }}
        as share_within_7_days,
    {{ ratio('sum(figure.applied * figure.days_to_pay)', 'sum(figure.applied)') }} as days_to_pay
from figure
left join {{ ref('st_business_units') }} as business_unit
    on figure.tenant_id = business_unit.tenant_id and figure.business_unit_id = business_unit.st_id
where figure.day is not null
group by figure.tenant_id, figure.day, figure.business_unit_id, business_unit.name

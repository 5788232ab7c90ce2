{#- Of each month and agent, campaign or whatever else calls have under `id` and `name`: the calls, and how many lead
    calls were booked. -#}
{% macro call_booking(id, name) -%}
select
    tenant_id,
    {{ month_of('received_day') }} as month,
    {{ id }},
    max({{ name }}) as {{ name }},
    count(*) filter (where is_inbound) as inbound_calls,
    count(*) filter (where is_lead) as lead_calls,
    count(*) filter (where is_booked_lead) as booked_calls,
    count(*) filter (where is_unbooked_lead) as unbooked_calls,
    {{ ratio(
        'count(*) filter (where is_booked_lead)', 'count(*) filter (where is_booked_lead or is_unbooked_lead)'
    ) }} as booking_rate,
    {{ ratio(
        "count(*) filter (where is_inbound and call_type = 'Booked')", 'count(*) filter (where is_inbound)'
    ) }} as raw_booking_rate
from {{ ref('fct_calls') }}
where received_day is not null
group by 1, 2, 3
having count(*) filter (where is_inbound) > 0
{%- endmacro %}

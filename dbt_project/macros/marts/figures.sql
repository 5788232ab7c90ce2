{#- Figures of measures: sums of money, numbers, and rates, which are null where there is nothing to divide by. -#}

{% macro money(amount) -%}
    cast(coalesce({{ amount }}, 0) as numeric(18, 4))
{%- endmacro %}

{#- Of rows (measure, value): what one measure sums up to. -#}
{% macro money_of(measure) -%}
    {{ money("sum(value) filter (where measure = '" ~ measure ~ "')") }}
{%- endmacro %}

{% macro number_of(measure) -%}
    count(*) filter (where measure = '{{ measure }}')
{%- endmacro %}

{% macro ratio(part, whole) -%}
    cast({{ part }} / nullif(cast({{ whole }} as numeric), 0) as numeric(18, 4))
{%- endmacro %}

{#- A record that counts: not deactivated, and still listed. -#}
{% macro counts(record) -%}
    ({{ record }}.active is distinct from false and {{ record }}.deleted_at is null)
{%- endmacro %}

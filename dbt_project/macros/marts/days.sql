{#- The tenant's calendar. Where a macro says `tenant`, dim_tenants is joined under that alias. -#}

{#- The day of an instant. A tenant that is not known has the zone of one that names none. -#}
{% macro local_day(instant, tenant='tenant') -%}
    cast({{ instant }} at time zone coalesce({{ tenant }}.time_zone, raw_servicetitan.zone_of(null)) as date)
{%- endmacro %}

{% macro today(tenant='tenant') -%}
    coalesce({{ tenant }}.today, raw_servicetitan.today())
{%- endmacro %}

{#- The first day of a day's month. -#}
{% macro month_of(day) -%}
    cast(date_trunc('month', {{ day }}) as date)
{%- endmacro %}

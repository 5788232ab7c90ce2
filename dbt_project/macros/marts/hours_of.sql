{#- The hours in a set of ranges of instants, each moment once. -#}
{% macro hours_of(ranges) -%}
    (
        select sum(extract(epoch from upper(during) - lower(during)) / 3600)
        from unnest({{ ranges }}) as during
    )
{%- endmacro %}

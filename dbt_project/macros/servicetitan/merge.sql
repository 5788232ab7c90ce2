{#- dbt's MERGE, but for tables that are spread over machines: Citus has none for a source that is not. -#}
{% macro postgres__get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) %}
{% if not is_spread() %}
{{ dbt.default__get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates) }}
{% else %}
{% set names = dest_columns | map(attribute='quoted') | list %}
    {{ config.get('sql_header', '') }}
    insert into {{ target }} ({{ names | join(', ') }})
    select {{ names | join(', ') }}
    from {{ source }} as DBT_INTERNAL_SOURCE
    on conflict ({{ unique_key | join(', ') }}) do update set
    {%- for name in names %}
        {{ name }} = excluded.{{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{% endif %}
{% endmacro %}

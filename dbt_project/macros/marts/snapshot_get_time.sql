{#- The moments of history have a time zone, as all of ours; dbt's own have none, and other snapshots keep these. -#}
{% macro postgres__snapshot_get_time() -%}
    {{ current_timestamp() }}{{ '::timestamp without time zone' if model.fqn[1:3] != ['marts', 'history'] }}
{%- endmacro %}

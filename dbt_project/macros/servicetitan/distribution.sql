{#- How the tables of records are spread by tenant: as the landed ones were made (raw/distribution.py of the sync). -#}
{% macro distribution() %}
{% set known = run_query("select to_regproc('raw_servicetitan.distribution')").rows[0][0] if execute else none %}
{% do return(run_query("select raw_servicetitan.distribution()").rows[0][0] if known else 'none') %}
{% endmacro %}

{#- Whether the model's table is spread. dbt then makes it and writes no row: a statement has one tenant's. -#}
{% macro is_spread() %}
{% set by = config.get('meta', {}).get('distributed_by') if execute else none %}
{% do return(by is not none and distribution() != 'none') %}
{% endmacro %}

{#- A table in partitions has to be made as one. -#}
{% macro postgres__get_table_columns_and_constraints() %}
{{ table_columns_and_constraints() }}
{%- if is_spread() and distribution() == 'partitions' %} partition by hash ({{ config.get('meta').distributed_by }}){% endif %}
{% endmacro %}

{#- Post-hook of the tables. -#}
{% macro distribute() %}
{% if is_spread() %}
select raw_servicetitan.distribute({{ own_regclass() }}, '{{ distribution() }}')
{% endif %}
{% endmacro %}

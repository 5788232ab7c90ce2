{#- The relations of a schema, as dbt asks for them. Its own macro fails in a database with a quote in its name. -#}
{% macro servicetitan__list_relations_without_caching(schema_relation) %}
{% call statement('list_relations_without_caching', fetch_result=True) -%}
select
    '{{ escape_single_quotes(schema_relation.database) }}' as database,
    relname as name,
    nspname as schema,
    case relkind when 'v' then 'view' when 'm' then 'materialized_view' else 'table' end as type
from pg_class
inner join pg_namespace on pg_namespace.oid = relnamespace
where nspname ilike '{{ escape_single_quotes(schema_relation.schema) }}' and relkind in ('r', 'p', 'v', 'm')
{%- endcall %}
{{ return(load_result('list_relations_without_caching').table) }}
{% endmacro %}

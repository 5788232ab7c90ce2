{#- The product's marts stand in the schema `analytics` itself, which is what analysts type; a target of your own with
    another schema than public gets `<schema>_analytics`, as everything else that names a schema. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if custom_schema_name == 'analytics' and target.schema == 'public' and 'marts' in node.fqn[1:2] -%}
        analytics
    {%- else -%}
        {{ default__generate_schema_name(custom_schema_name, node) }}
    {%- endif -%}
{%- endmacro %}

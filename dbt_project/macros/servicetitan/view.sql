{#- Views are replaced in place. dbt's own `view` makes a new one and drops the old, and with it what analysts have built
    on that. -#}
{% materialization view, adapter='postgres' %}
    {%- set to_return = create_or_replace_view() -%}
    {%- do persist_docs(this.incorporate(type='view'), model) -%}
    {%- do adapter.commit() -%}
    {{ return(to_return) }}
{% endmaterialization %}

{#- Where columns went or changed their type, PostgreSQL wants a new view; it names what stands in the way of that. -#}
{% macro postgres__create_view_as(relation, sql) %}
{%- if config.get('contract').enforced %}{{ get_assert_columns_equivalent(sql) }}{% endif %}
do $do$ begin
    create or replace view {{ relation }} as {{ sql }};
exception when invalid_table_definition then
    drop view {{ relation }};
    create view {{ relation }} as {{ sql }};
end $do$;
{% endmacro %}

{#- Views are replaced only when their definition has changed. dbt's own `view` drops and renames in every run, which
    takes with it what analysts have built on the view, and waits for everybody who reads it. -#}
{% materialization view, adapter='postgres' %}
    {%- set target = this.incorporate(type='view') -%}
    {%- set mark = 'Definition ' ~ local_md5(sql ~ model.description ~ tojson(model.columns)) -%}
    {%- set comment = run_query("select obj_description(to_regclass('" ~ this.include(database=false) ~ "'), 'pg_class')").rows[0][0] or '' -%}
    {%- if comment.endswith(mark) -%}
        {%- call statement('main') -%} select 'unchanged' {%- endcall -%}
    {%- else -%}
        {%- if config.get('contract').enforced %}{% do get_assert_columns_equivalent(sql) %}{% endif -%}
        {%- call statement('main') -%}
            do $do$ begin
                create or replace view {{ target }} as {{ sql }};
            exception when invalid_table_definition then
                drop view {{ target }};
                create view {{ target }} as {{ sql }};
            end $do$;
        {%- endcall -%}
        {%- do run_query(grant_to_analysts(target)) -%}
        {%- do run_query(alter_relation_comment(target, model.description ~ '\n' ~ mark)) -%}
        {%- do run_query(alter_column_comment(target, model.columns)) -%}
    {%- endif -%}
    {%- do adapter.commit() -%}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

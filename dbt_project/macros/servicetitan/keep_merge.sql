{#- Keeps the statement that brings the table up to date, so that a sync need not start dbt for it: dbt's own MERGE of
    the model's records, and what goes with it. Only tables/kept_merges.py reads it. It stands for the model's files as
    they are now; after a change of them the sync has dbt run the model again. It does not name the database, which may
    be renamed or copied. -#}
{% macro keep_merge() %}
{% if execute and target.schema == 'public' %}
{% set source = '(' ~ sql ~ ')' %}
{% set columns = adapter.get_columns_in_relation(this) | selectattr('name', 'in', model.columns) | list %}
{% set merge = get_merge_sql(this, source, config.get('unique_key'), columns, none) %}
{% set database = this.include(schema=false, identifier=false) ~ '.' %}
{% set statement = (merge ~ ';\n-- then\n' ~ record_failures()) | replace(everything(), '') %}
{#- together with the schema, which may have the same name -#}
{% set statement = statement | replace(database ~ '"public".', '"public".') %}
{% set statement = statement | replace(database ~ '"raw_servicetitan".', '"raw_servicetitan".') %}
insert into raw_servicetitan.kept_merges (model, statement)
values ('{{ model.name }}', $statement${{ statement }}$statement$)
on conflict (model) do update set statement = excluded.statement
where kept_merges.statement <> excluded.statement
{% endif %}
{% endmacro %}

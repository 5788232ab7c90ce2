{#- Post-hook of the tables: what dbt cannot declare or would repeat in every run. It renders to nothing once the
    table exists. Partial indexes stand in a model's YAML as config.meta.partial_indexes: {columns, where}. -#}
{% macro on_first_build() %}
{% if execute and not is_incremental() %}
{{ grant_to_analysts(this) }}
{{ alter_relation_comment(this.incorporate(type='table'), model.description) }}
{{ alter_column_comment(this, model.columns) }}
{% endif %}
{% endmacro %}

{#- Analysts read what is published. The role is made by the sync where its user may make roles. -#}
{% macro grant_to_analysts(relation) %}
do $grant$ begin
    grant select on {{ relation }} to servicetitan_analyst;
exception when undefined_object then
    null;
end $grant$;
{% endmacro %}

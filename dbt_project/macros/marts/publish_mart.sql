{#- Analysts read the marts, whose schema they have to enter first. Several are built at once: who comes second finds
    it done. -#}
{% macro publish_mart(relation) %}
do $grant$ begin
    if not has_schema_privilege('servicetitan_analyst', '{{ relation.schema }}', 'usage') then
        grant usage on schema {{ adapter.quote(relation.schema) }} to servicetitan_analyst;
    end if;
exception when undefined_object or internal_error then
    null;
end $grant$;
{{ grant_to_analysts(relation) }}
{% endmacro %}

{#- Analysts read what is published. The role is made by the sync where its user may make roles. -#}
{% macro grant_to_analysts(relation) %}
do $grant$ begin
    grant select on {{ relation }} to servicetitan_analyst;
exception when undefined_object then
    null;
end $grant$;
{% endmacro %}

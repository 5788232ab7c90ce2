{#- The names of a record's tags, in one text, by the alphabet: `{{ names_of_tags('job.tags') }} as tags`. `tags` is the
    column of st_jobs, st_customers, st_locations and others that holds ids with their names. -#}
{% macro names_of_tags(tags='tags', between=', ') -%}
    (
        select string_agg(tag ->> 'name', '{{ between | replace("'", "''") }}' order by tag ->> 'name')
        from jsonb_array_elements({{ tags }}) as tag
    )
{%- endmacro %}

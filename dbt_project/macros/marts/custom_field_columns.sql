{#- The tenant's own fields as columns, named after them: 'Gate code' becomes gate_code, always text.

        select
            tenant_id,
            st_id as job_id,
            {{ custom_field_columns(['Gate code', 'System age']) }}
        from {{ ref('st_jobs') }}

    A dictionary names the columns otherwise: {'Tor': 'gate_code'}. `of` is the column that holds the fields. -#}
{% macro custom_field_columns(names, of='custom_fields') -%}
    {%- set columns = [] -%}
    {%- for name in names -%}
        {%- set column = names[name] if names is mapping else column_name(name) -%}
        {%- if column in columns -%}
            {{ exceptions.raise_compiler_error("Two custom fields would be the column " ~ column ~ "; name the columns: {'" ~ name ~ "': ...}") }}
        {%- endif -%}
        {%- do columns.append(column) -%}
        {{ custom_field(name, of) }} as {{ column }}
        {%- if not loop.last %},
    {% endif -%}
    {%- endfor -%}
{%- endmacro %}

{#- The value of one field; of two with the same name the first. -#}
{% macro custom_field(name, of='custom_fields') -%}
    jsonb_path_query_first({{ of }}, '$[*] ? (@.name == $name).value', jsonb_build_object('name', '{{ name | replace("'", "''") }}')) #>> '{}'
{%- endmacro %}

{#- A label as a name that needs no quotes: lower case, other characters as underscores. -#}
{% macro column_name(label) -%}
    {%- set name = modules.re.sub('[^a-z0-9]+', '_', label | lower).strip('_') -%}
    {{ '_' if not name or name[0].isdigit() }}{{ name[:63] }}
{%- endmacro %}

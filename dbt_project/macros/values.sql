{#- Accessors: the value at a dotted path of the record, in a column's type. What is missing, null or cannot be
    converted is null. -#}

{% macro node(path, of='doc') -%}
    {{ of }}{% for key in path.split('.') %} -> '{{ key }}'{% endfor %}
{%- endmacro %}

{% macro scalar(path, of='doc') -%}
    {%- set keys = path.split('.') -%}
    {{ of }}{% for key in keys[:-1] %} -> '{{ key }}'{% endfor %} ->> '{{ keys[-1] }}'
{%- endmacro %}

{#- Null, and a flag for record_failures when there was a value. -#}
{% macro lost(path, of) -%}
    raw_servicetitan.lost({{ scalar(path, of) }})
{%- endmacro %}

{% macro text(path, of='doc') -%}
    case
        when jsonb_typeof({{ node(path, of) }}) in ('object', 'array') then {{ lost(path, of) }}
        else {{ scalar(path, of) }}
    end
{%- endmacro %}

{#- A text that is indexed: an index takes no more than 2.7 kB, so it is cut, and full_data has the rest. -#}
{% macro label(path, of='doc') -%}
    left({{ text(path, of) }}, 500)
{%- endmacro %}

{% macro bigint(path, of='doc') -%}
    raw_servicetitan.to_bigint({{ scalar(path, of) }})
{%- endmacro %}

{% macro number(path, precision=18, scale=4, of='doc') -%}
    {%- set type = 'numeric(' ~ precision ~ ', ' ~ scale ~ ')' -%}
    cast(raw_servicetitan.to_{{ conversion_name(type) }}({{ scalar(path, of) }}) as {{ type }})
{%- endmacro %}

{% macro flag(path, of='doc') -%}
    case lower({{ scalar(path, of) }}) when 'true' then true when 'false' then false
        else {{ lost(path, of) }}::boolean
    end
{%- endmacro %}

{#- An instant without a zone is UTC, whatever the session's zone. -#}
{% macro instant(path, of='doc') -%}
    raw_servicetitan.to_timestamptz({{ scalar(path, of) }})
{%- endmacro %}

{#- The calendar date as it is written: the API marks a tenant's date as midnight UTC, so no zone may shift it. -#}
{% macro business_date(path, of='doc') -%}
    raw_servicetitan.to_date({{ scalar(path, of) }})
{%- endmacro %}

{% macro json(path, default, of='doc') -%}
    {%- set kind = 'array' if default == '[]' else 'object' -%}
    case
        when jsonb_typeof({{ node(path, of) }}) = '{{ kind }}' then {{ node(path, of) }}
        else coalesce({{ lost(path, of) }}::jsonb, '{{ default }}')
    end
{%- endmacro %}

{% macro bigints(path, of='doc') -%}
    case
        when jsonb_typeof({{ node(path, of) }}) = 'array' then array(
            select raw_servicetitan.to_bigint(element)
            from jsonb_array_elements_text({{ node(path, of) }}) as element
            where raw_servicetitan.to_bigint(element) is not null
        )
        else {{ lost(path, of) }}::bigint[]
    end
{%- endmacro %}

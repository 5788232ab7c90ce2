{#- Accessors: the value at a dotted path of the record, in a column's type. What is missing, null or cannot be
    converted is null, so that one bad value never stops a table. The functions of raw_servicetitan that convert are
    made by the sync. Each takes its text from where changed_records has put it, taken out of the record once:
    the conversions look at it several times. -#}

{% macro node(path, of='doc') -%}
    {{ of }}{% for key in path.split('.') %} -> '{{ key }}'{% endfor %}
{%- endmacro %}

{% macro scalar(path, of='') -%}
    {%- set keys = path.split('.') -%}
    {%- if of -%}
        {{ of }}{% for key in keys[:-1] %} -> '{{ key }}'{% endfor %} ->> '{{ keys[-1] }}'
    {%- else -%}
        record."$.{{ path }}"
    {%- endif -%}
{%- endmacro %}

{#- The columns of `texts`: what the model's accessors ask of the record itself. -#}
{% macro texts() -%}
    {%- set paths = modules.re.findall(
        "(?:text|label|bigint|number|flag|instant|business_date|seconds)\\('([\\w.]+)'(?:, \\d+, \\d+)?\\)", model.raw_code
    ) if execute else [] -%}
    {%- for path in paths | unique %}
        {{ scalar(path, 'doc') }} as "$.{{ path }}"{{ ',' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#- Null, and a flag for record_failures when there was a value. -#}
{% macro lost(path, of) -%}
    raw_servicetitan.lost({{ scalar(path, of) }})
{%- endmacro %}

{% macro text(path, of='') -%}
    case
        when
            (starts_with({{ scalar(path, of) }}, '{') or starts_with({{ scalar(path, of) }}, '['))
            and jsonb_typeof({{ node(path, of or 'doc') }}) <> 'string'
            then {{ lost(path, of) }}
        else {{ scalar(path, of) }}
    end
{%- endmacro %}

{#- A text that is indexed: an index takes no more than 2.7 kB, so it is cut, and full_data has the rest. -#}
{% macro label(path, of='') -%}
    left({{ text(path, of) }}, 500)
{%- endmacro %}

{#- What somebody typed, without the blanks of any script around it; null where there is nothing else. -#}
{% macro filled(text) -%}
    nullif(btrim({{ text }}, e' \t\n\x0b\f\r\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u2028\u2029\u202f\u205f\u3000\ufeff'), '')
{%- endmacro %}

{% macro bigint(path, of='') -%}
    raw_servicetitan.to_bigint({{ scalar(path, of) }})
{%- endmacro %}

{#- The id that a companion's record names: without a flag, since no column of this table holds it. -#}
{% macro whole_number(path, of) -%}
    raw_servicetitan.whole_number({{ scalar(path, of) }})
{%- endmacro %}

{% macro number(path, precision=18, scale=4, of='') -%}
    cast(
        raw_servicetitan.to_numeric({{ scalar(path, of) }}, {{ precision }}, {{ scale }})
        as numeric({{ precision }}, {{ scale }})
    )
{%- endmacro %}

{% macro flag(path, of='') -%}
    case lower({{ scalar(path, of) }}) when 'true' then true when 'false' then false
        else {{ lost(path, of) }}::boolean
    end
{%- endmacro %}

{#- An instant without a zone is UTC, whatever the session's zone. -#}
{% macro instant(path, of='') -%}
    raw_servicetitan.to_timestamptz({{ scalar(path, of) }})
{%- endmacro %}

{#- The calendar date as it is written: the API marks a tenant's date as midnight UTC, so no zone may shift it. -#}
{% macro business_date(path, of='') -%}
    raw_servicetitan.to_date({{ scalar(path, of) }})
{%- endmacro %}

{#- A length of time: the API writes hours:minutes:seconds. -#}
{% macro seconds(path, of='') -%}
    cast(raw_servicetitan.to_seconds({{ scalar(path, of) }}) as numeric(18, 4))
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
            select raw_servicetitan.whole_number(element)
            from jsonb_array_elements_text({{ node(path, of) }}) as element
            where raw_servicetitan.whole_number(element) is not null or raw_servicetitan.lost(element) is not null
        )
        else {{ lost(path, of) }}::bigint[]
    end
{%- endmacro %}

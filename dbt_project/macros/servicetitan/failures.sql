{#- Values that could not be converted. While a model is built, each of them sets a flag of the session (see
    `lost` in values.sql and raw_servicetitan.lost), so that a build without any pays nothing. Where the flag is set,
    or may be in a session on another machine, this looks up which values they were; a record that was built again without failing is healed. -#}
{% macro record_failures() %}
{% if execute %}
{% set entity = model.name.removeprefix('st_') %}
do $failures$ begin
    if {{ "true" if is_spread() else "current_setting('servicetitan.lost', true) = 'yes'" }} then
        {{ insert_failures(entity) }}
    end if;
    {% for companion, parent_id in companions() %}
    {{ insert_orphans(companion, parent_id) }}
    {% endfor %}
    {% for module in [entity] + companions() | map('first') | list %}
    if exists (
        select from raw_servicetitan.sync_failures as failure
        where failure.module = '{{ module }}' and failure.healed_at is null and {{ of_tenant('failure') }}
    ) then
        update raw_servicetitan.sync_failures as failure set healed_at = now()
        from {{ source('servicetitan', module) }} as landed
        where failure.module = '{{ module }}' and failure.healed_at is null and failure.last_seen_at < now()
            and {{ of_tenant('failure') }}
            and failure.tenant_id = landed.tenant_id and failure.st_id = landed.id
            {% if module == entity and has_owners() %}and failure.entity_type = landed.entity_type{% endif %}
            and {{ built_rows(module) }};
    end if;
    {% endfor %}
end $failures$;
{% endif %}
{% endmacro %}

{#- Companions that no record of this table will show, because the id that they name is none. -#}
{% macro insert_orphans(companion, parent_id) %}
insert into raw_servicetitan.sync_failures as known
    (tenant_id, module, st_id, "column", value, reason, first_seen_at, last_seen_at)
select landed.tenant_id, '{{ companion }}', landed.id, '{{ parent_id }}',
    left({{ scalar(parent_id, 'landed.record') }}, 200), 'not a {{ reason('bigint') }}', now(), now()
from {{ source('servicetitan', companion) }} as landed
where {{ built_rows(companion) }} and {{ whole_number(parent_id, 'landed.record') }} is null
    and raw_servicetitan.counts_as_lost({{ scalar(parent_id, 'landed.record') }})
{{ known_failure() }}
{% endmacro %}

{#- Whether several lists land in the model's table, whose ids are unique within one of them only. -#}
{% macro has_owners() %}
{% do return('entity_type' in model.columns) %}
{% endmacro %}

{#- The model's companions: (entity, field with the parent's id). -#}
{% macro companions() %}
{% do return(config.get('meta', {}).get('companions', {}).items() | list) %}
{% endmacro %}

{% macro insert_failures(entity) %}
{% set owner = 'landed.entity_type' if has_owners() else "''" %}
insert into raw_servicetitan.sync_failures as known
    (tenant_id, module, entity_type, st_id, "column", value, reason, first_seen_at, last_seen_at)
select landed.tenant_id, '{{ entity }}', {{ owner }}, landed.id, lost.name, left(lost.value, 200), lost.reason, now(), now()
from {{ source('servicetitan', entity) }} as landed
inner join {{ this }} as typed
    on typed.tenant_id = landed.tenant_id and typed.st_id = landed.id
    {% if has_owners() %}and typed.entity_type = landed.entity_type{% endif %}
cross join lateral (select landed.record || '{}' as doc limit 1) as unpacked
cross join lateral (
    values
    {% for type, path, column in accessors() %}
    {% set value, why = scalar(path, 'doc'), "'not a " ~ reason(type) ~ "'" %}
    {% if '.' in path %}
    {% set parent = path.rpartition('.')[0] %}
    {% set whole = is_object(parent) ~ ' is not false' %}
    {% set value = 'case when ' ~ whole ~ ' then ' ~ value ~ ' else ' ~ scalar(parent, 'doc') ~ ' end' %}
    {% set why = 'case when ' ~ whole ~ ' then ' ~ why ~ " else 'its " ~ parent ~ " is not an object' end" %}
    {% endif %}
    ('{{ column }}', {{ value }}, {{ was_lost(type, path, 'typed.' ~ column) }}, {{ why }})
    {{- ',' if not loop.last }}
    {% endfor %}
) as lost (name, value, failed, reason)
where {{ built_rows(entity) }} and lost.failed and raw_servicetitan.counts_as_lost(lost.value)
{{ known_failure() }}
{% endmacro %}

{% macro known_failure() -%}
    on conflict (tenant_id, module, entity_type, st_id, "column") do update
    set value = excluded.value, reason = excluded.reason, last_seen_at = excluded.last_seen_at, healed_at = null;
{%- endmacro %}

{#- The model's columns that are one accessor of the record itself: (type, path, column). -#}
{% macro accessors() %}
{% do return(modules.re.findall(
    "\\{\\{ (text|label|bigint|number|flag|instant|business_date|seconds|json|bigints)\\('([\\w.]+)'(?:, '[^\\w]+'|, \\d+, \\d+)?\\) \\}\\} as (\\w+)", model.raw_code
)) %}
{% endmacro %}

{#- Holds always, and sets the flag where a record has something else in place of an object whose parts are columns:
    `address: "unknown"`. -#}
{% macro objects_are_objects() -%}
    {%- set parents = [] -%}
    {%- for accessor in (accessors() if execute else []) if '.' in accessor[1] -%}
        {%- do parents.append(accessor[1].rpartition('.')[0]) -%}
    {%- endfor -%}
    {%- for parent in parents | unique %}
    ({{ is_object(parent) }} is not false or raw_servicetitan.lost({{ scalar(parent, 'doc') }}) is null) and
    {%- endfor -%}
{%- endmacro %}

{#- Null where there is none. -#}
{% macro is_object(path) -%}
    (jsonb_typeof({{ node(path) }}) in ('object', 'null'))
{%- endmacro %}

{#- Whether the value at the path did not make it into its column, given that it is neither missing nor null. -#}
{% macro was_lost(type, path, column) -%}
    {%- if type == 'bigints' -%}
        coalesce(cardinality({{ column }}), -1) < case
            when jsonb_typeof({{ node(path) }}) = 'array'
                then jsonb_array_length(jsonb_path_query_array({{ node(path) }}, '$[*] ? (@ != null)'))
            else 0
        end
    {%- elif type == 'json' -%}
        jsonb_typeof({{ node(path) }}) <> 'null' and {{ node(path) }} is distinct from {{ column }}
    {%- else -%}
        {{ column }} is null
    {%- endif -%}
{%- endmacro %}

{% macro reason(type) -%}
    {{ {'bigint': '64-bit integer', 'number': 'number in range', 'flag': 'boolean', 'instant': 'time',
        'business_date': 'date', 'seconds': 'duration', 'json': 'list or object', 'bigints': 'list of 64-bit integers', 'label': 'text'}.get(type, type) }}
{%- endmacro %}

{#- The landed rows that were built. -#}
{% macro built_rows(entity) -%}
    ({{ new_table() }} {{ pending(entity, 'landed') }})
{%- endmacro %}

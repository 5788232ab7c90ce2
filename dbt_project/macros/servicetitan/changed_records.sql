{#- The landed records that must be written: all of them into a new table, else those of the pending loads, and those
    whose tag types or companions (contacts, assignments) are pending, also companions that moved away. `doc` is the
    record unpacked once: a jsonb over 2 kB is stored compressed, and each `->>` on `record` itself would unpack it
    again. -#}
{% macro changed_records(entity, companions={}, tagged=false) %}
{%- set landed = source('servicetitan', entity) -%}
(
    select landed.*, doc, texts.*
    from {{ landed }} as landed
    cross join lateral (select landed.record || '{}' as doc limit 1) as unpacked
    cross join lateral (
        select
        {{ texts() }}
        limit 1
    ) as texts
    where {{ objects_are_objects() }} ({{ new_table() }}
    {%- if not companions and not tagged %} {{ pending(entity, 'landed') }}
    {%- else %} {{ of_tenant('landed') }} and (landed.tenant_id, landed.id) in (
        select own.tenant_id, own.id from {{ landed }} as own where {{ pending(entity, 'own') }}
        {%- for companion, parent_id in companions.items() %}
        union
        select part.tenant_id, {{ whole_number(parent_id, 'part.record') }}
        from {{ source('servicetitan', companion) }} as part
        where {{ pending(companion, 'part') }}
        union
        select part.tenant_id, raw_servicetitan.whole_number(parent_id)
        from {{ source('servicetitan', companion) }} as part
        cross join lateral unnest(part.former_parents) as former (parent_id)
        where {{ pending(companion, 'part') }}
        {%- endfor %}
        {%- if tagged %}
        union
        select own.tenant_id, own.id
        from {{ landed }} as own
        cross join lateral jsonb_array_elements_text({{ json('tagTypeIds', '[]', 'own.record') }}) as tag_type_id
        where (own.tenant_id, raw_servicetitan.whole_number(tag_type_id)) in (
            select tag.tenant_id, tag.id
            from {{ source('servicetitan', 'tag_types') }} as tag
            where {{ pending('tag_types', 'tag') }}
        )
        {%- endif %}
    )
    {%- endif %})
) as record
{%- endmacro %}

{#- Before a condition: where the table is new, every record counts instead. None does with `--vars 'new_tables: empty'`:
    the sync is still landing what goes into them, and merges it; nor in tables that are spread, new or not. -#}
{% macro new_table() %}{% if not is_incremental() or is_spread() %}{{ everything() }}{% endif %}{% endmacro %}
{% macro everything() -%}
    /* a new table */ {{ var('new_tables', '') != 'empty' and not is_spread() }} or false and
{%- endmacro %}

{#- Whether a landed record belongs to a load that is not built yet. Without such loads the planner drops what depends
    on it. -#}
{% macro pending(entity, landed) -%}
    {%- set loads = "raw_servicetitan.pending('" ~ entity ~ "')" -%}
    ({{ of_tenant(landed) }} and {{ loads }} is not null and {{ landed }}._dlt_load_id = any ({{ loads }}))
{%- endmacro %}

{#- Whether a row is of the tenant whose sync it is. dbt itself builds the rows of all tenants. -#}
{% macro of_tenant(row) -%}
    {%- set tenant = 'raw_servicetitan.tenant_at_work()' -%}
    ({{ tenant }} is null or {{ row }}.tenant_id = {{ tenant }})
{%- endmacro %}

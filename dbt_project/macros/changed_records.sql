{#- The landed records that this run must write: all of them for a new table, else those of the pending loads, and
    those whose companions (contacts, assignments) or tag types are pending. `doc` is the record unpacked once: a
    jsonb over 2 kB is stored compressed, and each `->>` on `record` itself would unpack it again. -#}
{% macro changed_records(entity, companions={}, tagged=false) %}
{%- set landed = source('servicetitan', entity) -%}
{%- set nothing = source('servicetitan', 'pending_loads') -%}
(
    select landed.*, doc
    from {{ landed }} as landed
    cross join lateral (select landed.record || '{}' as doc limit 1) as unpacked
    {%- if is_incremental() and not companions and not tagged %}
    where {{ pending(entity, 'landed') }}
    {%- elif is_incremental() %}
    where (landed.tenant_id, landed.id) in (
        select own.tenant_id, own.id from {{ landed }} as own where {{ pending(entity, 'own') }}
        {%- for companion, parent_id in companions.items() %}
        union
        select part.tenant_id, {{ bigint(parent_id, 'part.record') }}
        from {{ source('servicetitan', companion) }} as part
        where {{ pending(companion, 'part') }}
        {%- endfor %}
        {%- if tagged %}
        union
        select own.tenant_id, own.id
        from {{ landed }} as own
        cross join lateral jsonb_array_elements_text({{ json('tagTypeIds', '[]', 'own.record') }}) as tag_type_id
        where (own.tenant_id, tag_type_id) in (
            select tag.tenant_id, tag.id::text
            from {{ source('servicetitan', 'tag_types') }} as tag
            where {{ pending('tag_types', 'tag') }}
        )
        {%- endif %}
    )
    {%- endif %}
) as record
{%- endmacro %}

{#- The pending loads as literals: of a subquery the planner cannot know that it is short, and scans the table.
    Only after an upgrade, when every load is pending again, is the list too long for that. -#}
{% macro pending(entity, landed) -%}
    {%- set loads = "from " ~ source('servicetitan', 'pending_loads') ~ " where entity = '" ~ entity ~ "'" -%}
    {%- set count, list = run_query(
        "select count(*), string_agg(format('(%s, %L)', tenant_id, load_id), ', ') " ~ loads
    ).rows[0] -%}
    {%- if count == 0 -%} false
    {%- else -%}
    ({{ landed }}.tenant_id, {{ landed }}._dlt_load_id) in (
        {{ list if count <= 100 else "select tenant_id, load_id " ~ loads }}
    )
    {%- endif -%}
{%- endmacro %}

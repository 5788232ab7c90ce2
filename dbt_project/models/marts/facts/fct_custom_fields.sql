{%- set owners = ['customers', 'locations', 'jobs', 'invoices', 'payments', 'technicians'] -%}
with record as (
    {%- for owner in owners %}
        select
            tenant_id,
            '{{ owner }}' as record_type,
            st_id as record_id,
            custom_fields
        from {{ ref('st_' ~ owner) }}
        where deleted_at is null
        {{ 'union all' if not loop.last }}
    {%- endfor %}
),

field as (
    select
        record.tenant_id,
        record.record_type,
        record.record_id,
        entry.place,
        case
            when entry.content ->> 'typeId' ~ '^\d{1,18}$' then cast(entry.content ->> 'typeId' as bigint)
        end as type_id,
        entry.content ->> 'name' as name,
        entry.content ->> 'value' as value
    from record
    cross join lateral jsonb_array_elements(record.custom_fields) with ordinality as entry (content, place)
    where jsonb_typeof(entry.content) = 'object'
),

definition as (
    select
        tenant_id,
        entity_type,
        st_id,
        name,
        data_type,
        count(*) over (partition by tenant_id, entity_type, name) as of_that_name
    from {{ ref('st_custom_fields') }}
    where deleted_at is null
)

select
    field.tenant_id,
    field.record_type,
    field.record_id,
    field.place,
    coalesce(field.type_id, definition.st_id) as custom_field_id,
    coalesce(field.name, definition.name) as name,
    definition.data_type,
    field.value,
    cast(
        case when field.value ~ '^\s*-?\d{1,13}([.]\d+)?\s*$' then field.value end as numeric(18, 4)
    ) as number_value
from field
left join definition
    on
        field.tenant_id = definition.tenant_id
        and field.record_type = definition.entity_type
        and (
            field.type_id = definition.st_id
            or (field.type_id is null and field.name = definition.name and definition.of_that_name = 1)
        )

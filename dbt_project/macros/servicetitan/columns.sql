{#- Columns that many tables share. -#}

{% macro record_key() -%}
    record.tenant_id,
    record.id as st_id
{%- endmacro %}

{% macro sync_columns() -%}
    record.record as full_data,
    record.first_seen_at as local_created_at,
    now() as local_synced_at,
    record.deleted_at
{%- endmacro %}

{% macro tags() -%}
    coalesce(
        (
            select jsonb_agg(
                jsonb_build_object('id', tag.id, 'name', {{ tag_names() }} ->> concat_ws(' ', record.tenant_id, tag.id))
                order by tag.place
            )
            from (
                select raw_servicetitan.whole_number(element) as id, place
                from jsonb_array_elements_text({{ json('tagTypeIds', '[]') }}) with ordinality as tag (element, place)
            ) as tag
            where tag.id is not null
        ),
        '[]'
    )
{%- endmacro %}

{#- The names of all tag types by tenant and id, looked up once a statement: a join for each row took as long as all of
    the row's other columns. -#}
{% macro tag_names() -%}
    (
        select jsonb_object_agg(concat_ws(' ', tag_type.tenant_id, tag_type.id), tag_type.record ->> 'name')
        from {{ source('servicetitan', 'tag_types') }} as tag_type
        where {{ of_tenant('tag_type') }}
    )
{%- endmacro %}

{#- The live contacts of a customer or location, oldest first, their values without the blanks around them and null
    where nothing else is left: one row, also when there are none. -#}
{% macro contacts_of_record(companion, parent_id) -%}
(
    select
        coalesce(jsonb_agg(jsonb_build_object(
            'id', contact.id, 'type', contact.kind, 'number', contact.value, 'memo', contact.memo
        ) order by contact.id) filter (where contact.kind in ('Phone', 'MobilePhone', 'Fax')), '[]') as phone_numbers,
        coalesce(jsonb_agg(jsonb_build_object(
            'id', contact.id, 'type', contact.kind, 'address', contact.value, 'memo', contact.memo
        ) order by contact.id) filter (where contact.kind = 'Email'), '[]') as email_addresses,
        (array_agg(contact.value order by contact.id) filter (
            where contact.kind in ('Phone', 'MobilePhone') and contact.value is not null
        ))[1] as phone,
        (array_agg(contact.value order by contact.id) filter (
            where contact.kind = 'Email' and contact.value is not null
        ))[1] as email
    from (
        select
            part.id,
            {{ text('type', 'part.record') }} as kind,
            left({{ filled(text('value', 'part.record')) }}, 500) as value,
            {{ text('memo', 'part.record') }} as memo
        from {{ source('servicetitan', companion) }} as part
        where
            {{ of_tenant('part') }}
            and part.tenant_id = record.tenant_id
            and {{ whole_number(parent_id, 'part.record') }} = record.id
            and part.deleted_at is null
            and {{ flag('active', 'part.record') }} is distinct from false
    ) as contact
) as contact
{%- endmacro %}

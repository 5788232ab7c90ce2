{%- set owners = ['customers', 'locations', 'jobs', 'business_units', 'job_types'] -%}
with record as (
    {%- for owner in owners %}
        select
            tenant_id,
            '{{ owner }}' as record_type,
            st_id as record_id,
            tag_type_ids
        from {{ ref('st_' ~ owner) }}
        where deleted_at is null
        {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select distinct
    record.tenant_id,
    record.record_type,
    record.record_id,
    tag.tag_type_id,
    tag_type.name as tag,
    (tag_type.st_id is not null and {{ counts('tag_type') }}) as is_in_use
from record
cross join lateral unnest(record.tag_type_ids) as tag (tag_type_id)
left join {{ ref('st_tag_types') }} as tag_type
    on record.tenant_id = tag_type.tenant_id and tag.tag_type_id = tag_type.st_id

{#- Of a source's table: when the last sync that completed its module began, of the tenant furthest behind. A tenant in
    which nothing happens is none the older for that. -#}
{% macro last_synced() -%}
select min(began) from (
    select max(started_at) as began from {{ this.schema }}.sync_log
    where module = '{{ this.identifier }}' and status = 'completed' group by tenant_id
) as tenant
{%- endmacro %}

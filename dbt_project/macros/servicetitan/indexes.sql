{#- Post-hook of the tables: the indexes of config.meta.named_indexes, each a {columns, type, where}, under names that say
    what they are: st_invoices_balance. What an older version made under dbt's or PostgreSQL's own names is renamed, or
    dropped where no index is wanted any more; indexes of others are left alone. -#}
{% macro keep_indexes() %}
{% if execute %}
do $indexes$ declare former regclass; begin
    {% for index in config.get('meta', {}).get('named_indexes', []) %}
    {% set name = this.name ~ '_' ~ index.columns | join('_') %}
    {% set keys = (index.type or 'btree') ~ ' (' ~ index.columns | join(', ') ~ ')' %}
    {% set where = ' where ' ~ index.where if index.where else '' %}
    if to_regclass('{{ this.schema }}.{{ name }}') is null then
        select indexrelid into former from ({{ former_indexes() }}) as former
        where split_part(pg_get_indexdef(indexrelid), ' USING ', 2) like '{{ keys ~ (' WHERE %' if where) }}' limit 1;
        if found then
            execute format('alter index %s rename to {{ name }}', former);
        else
            create index {{ name }} on {{ this }} using {{ keys }}{{ where }};
        end if;
    end if;
    {% endfor %}
    for former in {{ former_indexes() }} loop
        execute format('drop index %s', former);
    end loop;
end $indexes$;
{% endif %}
{% endmacro %}

{#- Named by a digest, as dbt does it, or by PostgreSQL where they hold a part of the rows. -#}
{% macro former_indexes() -%}
    select index.indexrelid from pg_index as index inner join pg_class as named on named.oid = index.indexrelid
    where index.indrelid = {{ own_regclass() }} and (
        named.relname ~ '^[0-9a-f]{32}$' or index.indpred is not null and named.relname in (
            'st_customers_balance_idx', 'st_invoices_balance_idx', 'st_locations_latitude_longitude_idx'
        )
    )
{%- endmacro %}

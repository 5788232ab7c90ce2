{#- Pre-hook of the tables: a column whose type a new version of the product changed gets it. PostgreSQL refuses that
    while a view reads the column, so such views, an analyst's too, are taken away and made again in the same
    transaction; one that cannot be made again for the new type undoes it all, and the message names it. -#}
{% macro change_types() %}
{% if execute and is_incremental() %}
{% set wanted = {} %}
{% for column in model.columns.values() %}
{% set type = column.data_type | replace(', ', ',') | replace('timestamptz', 'timestamp with time zone') %}
{% do wanted.update({column.name: type}) %}
{% endfor %}
{% set there = run_query("select attname, format_type(atttypid, atttypmod) from pg_attribute
    where attrelid = " ~ own_regclass() ~ " and attnum > 0 and not attisdropped") %}
{% for name, type in there.rows if wanted.get(name, type) != type %}
{{ change_type(name, wanted[name]) }}
{% endfor %}
{% endif %}
{% endmacro %}

{#- The model's table, whose database may have a name with quotes in it. -#}
{% macro own_regclass() -%}
    '{{ this.include(database=false) }}'::regclass
{%- endmacro %}

{% macro change_type(column, type) %}
do $change$ declare reader record; begin
    drop table if exists pg_temp.readers;
    create temporary table readers on commit drop as
    with recursive readers (oid, depth) as (
        select rewrite.ev_class, 1
        from pg_depend as dependency
        inner join pg_rewrite as rewrite on rewrite.oid = dependency.objid
        where dependency.refobjid = {{ own_regclass() }} and dependency.refobjsubid = (
            select attnum from pg_attribute where attrelid = {{ own_regclass() }} and attname = '{{ column }}'
        )
        union all
        select rewrite.ev_class, readers.depth + 1
        from readers
        inner join pg_depend as dependency on dependency.refobjid = readers.oid
        inner join pg_rewrite as rewrite on rewrite.oid = dependency.objid and rewrite.ev_class <> readers.oid
    )
    select view.oid::regclass::text as name, max(readers.depth) as depth, view.relowner::regrole::text as owner,
        case view.relkind when 'm' then 'materialized view' else 'view' end as kind,
        format('%s as %s', ' with (' || array_to_string(view.reloptions, ', ') || ')', pg_get_viewdef(view.oid)) as body,
        (select array_agg(pg_get_indexdef(indexrelid)) from pg_index where indrelid = view.oid) as indexes,
        (select array_agg(format('grant %s on %s to %s', privilege_type, view.oid::regclass,
            case grantee when 0 then 'public' else grantee::regrole::text end))
            from aclexplode(view.relacl) where grantee <> view.relowner) as grants,
        (select array_agg(case objsubid
            when 0 then format('comment on %s %s is %L', case view.relkind when 'm' then 'materialized view' else 'view' end,
                view.oid::regclass, description)
            else format('comment on column %s.%I is %L', view.oid::regclass, attname, description) end)
            from pg_description left join pg_attribute on attrelid = objoid and attnum = objsubid and attnum > 0
            where classoid = 'pg_class'::regclass and objoid = view.oid) as comments
    from readers inner join pg_class as view on view.oid = readers.oid
    group by view.oid, view.relowner, view.relkind, view.reloptions, view.relacl;

    for reader in select * from readers order by depth desc loop
        execute format('drop %s %s', reader.kind, reader.name);
    end loop;
    alter table {{ this }} alter column {{ column }} type {{ type }} using {{ column }}::{{ type }};
    for reader in select * from readers order by depth loop
        begin
            execute format('create %s %s%s', reader.kind, reader.name, reader.body);
        exception when undefined_function or datatype_mismatch or cannot_coerce or invalid_text_representation then
            raise '{{ this.name }}.{{ column }} is {{ type }} now, and the view % cannot be made again: %. Drop or '
                'change the view, then sync again.', reader.name, sqlerrm;
        end;
        execute concat_ws('; ', format('alter %s %s owner to %s', reader.kind, reader.name, reader.owner),
            array_to_string(reader.indexes, '; '), array_to_string(reader.grants, '; '),
            array_to_string(reader.comments, '; '));
    end loop;
end $change$;
{% endmacro %}

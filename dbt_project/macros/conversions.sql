{#- The conversions behind the accessors of values.sql: what cannot be converted becomes null, so that one bad value
    never stops a table. PostgreSQL's own input takes much that nobody means ('nan', '0x1F', '1_000', 'now', 'T24:00'),
    so the try_ functions ask for the grammar first: a JSON number, or ISO 8601 with all its digits; blanks around it
    are taken off. From PostgreSQL 16 on, which can ask whether a text is valid without an exception, to_ functions
    that the planner inlines take the usual shapes past them: numbers that PostgreSQL would write the same, and times
    with digits and signs in their places. -#}
{% macro conversions() %}
{% set time = '([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?' %}
{% set zone = '(Z|[-+](0[0-9]|1[0-5])(:?[0-5][0-9])?)' %}
{% set year_to_time = '^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}([T ]' ~ time %}
{% set numbers = {} %}
{% for type in ['numeric(18, 4)', 'numeric(11, 8)'] %}
{% do numbers.update({type: (
    "case when pg_input_is_valid(value, '" ~ type ~ "') and value !~ '[eEN]' and length(value) < 100
        then value::numeric::text = value end",
    "value::" ~ type, "
    if value ~ '^-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]+)?$' then
        return value::" ~ type ~ ";
    end if;")}) %}
{% endfor %}
{% do return(dict(numbers, **{
    "bigint": ("case when pg_input_is_valid(value, 'bigint') then value::bigint::text = value end", "value::bigint", "
    if raw_servicetitan.whole_number(value) is not null then
        return raw_servicetitan.whole_number(value);
    end if;"),

    "timestamptz": ("value like '2___-__-__T__:__:__%Z'
        and value ~ '^[0-9]*-[0-9]*-[0-9]*T([01][0-9]|2[0-3]):[0-9]*:[0-5][0-9]([.][0-9]+)?Z$'
        and pg_input_is_valid(value, 'timestamptz')",
        "value::timestamptz", "
    if value ~ '" ~ year_to_time ~ " ?" ~ zone ~ ")$' then
        return least(value::timestamptz, '9999-12-31T23:59:59.999999Z');
    elsif value ~ '" ~ year_to_time ~ ")?$' then
        return least(value::timestamp at time zone 'UTC', '9999-12-31T23:59:59.999999Z');
    end if;"),

    "date": ("value like '2___-__-__T00:00:00Z' and left(value, 10) ~ '^[0-9]*-[0-9]*-[0-9]*$'
        and pg_input_is_valid(left(value, 10), 'date')", "left(value, 10)::date", "
    if value ~ '" ~ year_to_time ~ "( ?" ~ zone ~ ")?)?$' then
        return left(value, 10)::date;
    end if;")
})) %}
{% endmacro %}

{#- On-run-start: creates what is missing or has changed, and writes nothing otherwise. -#}
{% macro create_functions() %}
{% if execute %}
{% set version, known = run_query("
    select current_setting('server_version_num')::int, coalesce(string_agg(prosrc, ' '), '')
    from pg_proc where pronamespace = to_regnamespace('raw_servicetitan')
").rows[0] %}
{% set lost = "begin
    if " ~ counts_as_lost('value') ~ " then perform set_config('servicetitan.lost', 'yes', true); end if;
    return null; end" %}
{% set pending = "begin return (select array_agg(distinct load_id) from raw_servicetitan.pending_loads
    where pending_loads.entity = pending.entity); end" %}
{% set today = "declare zone text; begin
    foreach zone in array array[
        current_setting('servicetitan.time_zone', true),
        (select substr(setting, 10) from pg_db_role_setting, unnest(setconfig) as setting
            where setdatabase = (select oid from pg_database where datname = current_database())
            and setrole = 0 and setting ilike 'timezone=%'),
        current_setting('timezone')
    ] loop
        begin
            if zone <> '' then return (now() at time zone zone)::date; end if;
        exception when data_exception then null; -- no such zone
        end;
    end loop;
    return current_date; end" %}
{% if today not in known %}
create or replace function raw_servicetitan.today() returns date stable language plpgsql as $${{ today }}$$;
comment on function raw_servicetitan.today is
    'The day by the database''s setting servicetitan.time_zone, else by its time zone, else by the session''s.';
{% endif %}
{% if pending not in known %}
{#- Not really immutable: it is evaluated when a statement is planned, so that the planner knows how few loads there
    are. No plan outlives its statement here. -#}
create or replace function raw_servicetitan.pending(entity text) returns text[]
immutable strict language plpgsql as $${{ pending }}$$;
{% endif %}
{% if lost not in known %}
create or replace function raw_servicetitan.lost(value text) returns text
volatile strict language plpgsql as $${{ lost }}$$;
{% endif %}
{% for type, (valid, value, steps) in conversions().items() %}
{% set name = conversion_name(type) %}
{% set call = "raw_servicetitan.try_" ~ name ~ "(value)" %}
{% set quick = "case when " ~ valid ~ " then " ~ value ~ " else " ~ call ~ " end" %}
{% for function, language, body in [
    ("try_" ~ name, "plpgsql strict",
        "begin value := " ~ trimmed('value') ~ ";" ~ steps ~ " return raw_servicetitan.lost(value);
            exception when data_exception then return raw_servicetitan.lost(value); end"),
    ("to_" ~ name, "sql", "select " ~ (quick if version >= 160000 else call)),
] if body not in known %}
create or replace function raw_servicetitan.{{ function }}(value text) returns {{ type }}
stable language {{ language }} as $${{ body }}$$;
{% endfor %}
{% endfor %}
{% endif %}
{% endmacro %}

{#- numeric(18, 4) is converted by raw_servicetitan.to_numeric_18_4. -#}
{% macro conversion_name(type) -%}
    {{ type | replace('(', '_') | replace(', ', '_') | replace(')', '') }}
{%- endmacro %}

{#- Without the blanks around it that JSON has between its values. -#}
{% macro trimmed(value) -%}
    btrim({{ value }}, e' \t\n\r')
{%- endmacro %}

{#- Nothing was lost where there was nothing: no text, or ServiceTitan's "never". -#}
{% macro counts_as_lost(value) -%}
    ({{ trimmed(value) }} <> '' and {{ value }} not like '0001-01-01%')
{%- endmacro %}

-- PostgreSQL's own input takes much that nobody means: 'now', 'T24:00', '20260105'.
create or replace function raw_servicetitan.is_iso_8601(value text) returns boolean
immutable parallel safe language sql as $$
    select value ~ (
        '^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}'
        '([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?'
        '( ?(Z|[-+](0[0-9]|1[0-5])(:?[0-5][0-9])?))?)?$'
    )
$$;
comment on function raw_servicetitan.is_iso_8601 is
    'Whether a text is a date of ISO 8601 with all its digits, with or without a time, that with or without a zone.';

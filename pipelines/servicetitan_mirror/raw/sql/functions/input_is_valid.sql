-- The quick way of the conversions: where this says yes, PostgreSQL itself converts a value of the usual shape, without
-- the exception block of the careful way. All of it is inlined into the statement that converts.
do $do$ begin
    if to_regproc('pg_input_is_valid') is not null then
        create or replace function raw_servicetitan.input_is_valid(value text, type text) returns boolean
        stable language sql as 'select pg_input_is_valid(value, type)';
    else -- PostgreSQL 15: everything goes the careful way
        create or replace function raw_servicetitan.input_is_valid(value text, type text) returns boolean
        stable language sql as 'select false';
    end if;
end $do$;
comment on function raw_servicetitan.input_is_valid is
    'Whether a text can be cast to a type; no, where PostgreSQL cannot tell without trying.';

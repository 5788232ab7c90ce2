-- Indexes hold what it returned, so a change of it takes another name.
create or replace function raw_servicetitan.whole_number(value text) returns bigint
immutable parallel safe language sql as $$
    select case
        when value ~ '^[1-9][0-9]{0,17}$' then value::bigint
        when value ~ '^[ \t\n\r]*-?(0|[1-9][0-9]{0,99})([.][0-9]{1,99})?([eE][-+]?[0-9]{1,3})?[ \t\n\r]*$' then case
            when value::numeric = trunc(value::numeric)
                and value::numeric between -9223372036854775808 and 9223372036854775807 then value::numeric::bigint
        end
    end
$$;
comment on function raw_servicetitan.whole_number is
    'The 64-bit integer that a JSON number, or a text that is one, stands for: 123, 123.0 and 1.23e2 are the same id.';

select
    cast(instant as date) as day,
    cast(date_trunc('week', instant) as date) as week,
    cast(date_trunc('month', instant) as date) as month,
    cast(date_trunc('quarter', instant) as date) as quarter,
    cast(extract(year from instant) as integer) as year,
    cast(extract(isodow from instant) as integer) as day_of_week,
    to_char(instant, 'FMDay') as day_name,
    to_char(instant, 'FMMonth') as month_name,
    extract(isodow from instant) > 5 as is_weekend
from generate_series(
    timestamp '2000-01-01',
    date_trunc('year', cast(now() as timestamp)) + interval '2 years' - interval '1 day',
    interval '1 day'
) as instant

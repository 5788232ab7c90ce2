select distinct day
from {{ ref('dim_dates') }}

select
    {{ record_key() }},

    {{ bigint('campaignId') }} as campaign_id,

    {{ bigint('year') }} as year,
    {{ bigint('month') }} as month,
    {{ number('dailyCost') }} as daily_cost,

    {{ sync_columns() }}
from {{ changed_records('campaign_costs') }}

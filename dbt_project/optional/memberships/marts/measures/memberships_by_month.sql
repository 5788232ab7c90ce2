with valid as (
    select
        *,
        case status
            when 'Canceled' then greatest(start_date, coalesce(cancellation_date, end_date))
            when 'Expired' then greatest(start_date, end_date)
        end as ended_on
    from {{ ref('st_memberships') }}
    where
        deleted_at is null
        and active is distinct from false
        and status is distinct from 'Deleted'
        and start_date is not null
),

renewed as (
    select distinct
        tenant_id,
        renewed_by_id
    from valid
),

held as (
    select
        membership.tenant_id,
        membership.status,
        membership.start_date,
        membership.ended_on,
        former.renewed_by_id is not null as is_renewal,
        successor.st_id is not null as is_renewed
    from valid as membership
    left join renewed as former
        on membership.tenant_id = former.tenant_id and membership.st_id = former.renewed_by_id
    left join valid as successor
        on membership.tenant_id = successor.tenant_id and membership.renewed_by_id = successor.st_id
),

began as (
    select
        tenant_id,
        min(start_date) as first_day
    from held
    group by 1
),

month as (
    select
        began.tenant_id,
        cast(start_of.month as date) as first_day,
        cast(start_of.month + interval '1 month' as date) as next_first_day
    from began
    left join {{ ref('dim_tenants') }} as tenant on began.tenant_id = tenant.tenant_id
    cross join lateral generate_series(
        date_trunc('month', cast(began.first_day as timestamp)), cast({{ today() }} as timestamp), interval '1 month'
    ) as start_of (month)
),

counted as (
    select
        month.tenant_id,
        month.first_day as month,
        count(*) filter (where held.start_date < month.first_day) as active_at_start,
        count(*) filter (where held.start_date >= month.first_day and not held.is_renewal) as new_sales,
        count(*) filter (where held.start_date >= month.first_day and held.is_renewal) as renewals,
        count(*) filter (where held.ended_on < month.next_first_day and held.status = 'Canceled') as canceled,
        count(*) filter (
            where held.ended_on < month.next_first_day and held.status = 'Expired' and not held.is_renewed
        ) as expired,
        count(*) filter (
            where held.ended_on < month.next_first_day and held.status = 'Expired' and held.is_renewed
        ) as renewed
    from month
    left join held
        on
            month.tenant_id = held.tenant_id
            and month.next_first_day > held.start_date
            and (held.ended_on is null or month.first_day <= held.ended_on)
    group by 1, 2
)

select
    tenant_id,
    month,
    active_at_start,
    new_sales,
    renewals,
    canceled,
    expired,
    renewed,
    active_at_start + new_sales + renewals - canceled - expired - renewed as active_at_end,
    {{ ratio('(canceled + expired)', 'active_at_start') }} as churn_rate,
    {{ ratio('(active_at_start - canceled - expired)', 'active_at_start') }} as retention_rate
from counted

with call as (
    select
        *,
        direction = 'Inbound' as is_inbound,
        coalesce(call_type, '') not in ('Excused', 'NotLead') as may_be_lead,
        coalesce(duration_seconds, 0) >= 60 or coalesce(is_lead_reason, false) as is_long_or_marked
    from {{ ref('st_calls') }}
    where deleted_at is null and active is distinct from false
),

job as (
    select
        tenant_id,
        lead_call_id,
        min(st_id) as st_id
    from {{ ref('st_jobs') }}
    where lead_call_id is not null and deleted_at is null
    group by 1, 2
)

select
    call.tenant_id,
    call.st_id as call_id,
    job.st_id as job_id,
    call.customer_id,
    call.campaign_id,
    call.agent_id,
    call.business_unit_id,
    call.call_reason_id,
    {{ local_day('call.received_on') }} as received_day,
    call.received_on,
    call.direction,
    call.call_type,
    call.duration_seconds,
    call.agent_name,
    call.campaign_name,
    call.call_reason_name,
    coalesce(call.is_inbound, false) as is_inbound,
    coalesce(call.is_inbound and call.may_be_lead and call.is_long_or_marked, false) as is_lead,
    coalesce(
        call.is_inbound and call.is_long_or_marked and call.call_type = 'Booked', false
    ) as is_booked_lead,
    coalesce(
        call.is_inbound and call.is_long_or_marked and call.call_type = 'Unbooked', false
    ) as is_unbooked_lead
from call
left join {{ ref('dim_tenants') }} as tenant on call.tenant_id = tenant.tenant_id
left join job on call.tenant_id = job.tenant_id and call.lead_call_id = job.lead_call_id

select
    history.tenant_id,
    history.job_id,
    {{ bigint('id', of='item') }} as event_id,
    {{ bigint('employeeId', of='item') }} as employee_id,
    {{ text('eventType', of='item') }} as event_type,
    {{ text('usedSchedulingTool', of='item') }} as scheduling_tool,
    {{ instant('date', of='item') }} as happened_on
from {{ ref('st_job_history') }} as history
cross join lateral jsonb_array_elements(history.history) as item
where history.deleted_at is null

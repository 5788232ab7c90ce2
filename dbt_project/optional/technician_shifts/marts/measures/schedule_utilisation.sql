with shift as (
    select
        shift.tenant_id,
        shift.technician_id,
        shift.shift_type,
        {{ local_day('shift.starts_on') }} as day,
        tstzrange(shift.starts_on, shift.ends_on) as during
    from {{ ref('st_technician_shifts') }} as shift
    left join {{ ref('dim_tenants') }} as tenant on shift.tenant_id = tenant.tenant_id
    where
        shift.deleted_at is null
        and shift.active is distinct from false
        and shift.technician_id is not null
        and shift.starts_on < shift.ends_on
),

off as (
    select
        tenant_id,
        technician_id,
        range_agg(during) as during
    from shift
    where shift_type = 'TimeOff'
    group by 1, 2
),

shifted as (
    select
        tenant_id,
        technician_id,
        day,
        range_agg(during) filter (where shift_type is distinct from 'OnCall') as normal,
        range_agg(during) filter (where shift_type = 'OnCall') as on_call
    from shift
    where shift_type is distinct from 'TimeOff'
    group by 1, 2, 3
),

offered as (
    select
        shifted.tenant_id,
        shifted.technician_id,
        shifted.day,
        {{ hours_of("shifted.normal - coalesce(off.during, '{}')") }} as shift_hours,
        {{ hours_of("shifted.on_call - coalesce(off.during, '{}')") }} as on_call_hours
    from shifted
    left join off on shifted.tenant_id = off.tenant_id and shifted.technician_id = off.technician_id
),

booked as (
    select
        appointment.tenant_id,
        technician.technician_id,
        {{ local_day('appointment.start_on') }} as day,
        count(*) as appointments,
        sum(extract(epoch from appointment.end_on - appointment.start_on) / 3600) as booked_hours
    from {{ ref('st_appointments') }} as appointment
    left join {{ ref('dim_tenants') }} as tenant on appointment.tenant_id = tenant.tenant_id
    cross join lateral unnest(appointment.technician_ids) as technician (technician_id)
    where
        appointment.deleted_at is null
        and appointment.active is distinct from false
        and appointment.unused is distinct from true
        and appointment.status is distinct from 'Canceled'
        and appointment.start_on < appointment.end_on
    group by 1, 2, 3
),

day as (
    select
        tenant_id,
        technician_id,
        day,
        coalesce(offered.shift_hours, 0) as shift_hours,
        coalesce(offered.on_call_hours, 0) as on_call_hours,
        coalesce(booked.appointments, 0) as appointments,
        coalesce(booked.booked_hours, 0) as booked_hours
    from offered
    full join booked using (tenant_id, technician_id, day)
)

select
    day.tenant_id,
    day.technician_id,
    day.day,
    technician.name as technician_name,
    technician.business_unit_id,
    day.appointments,
    cast(day.shift_hours as numeric(18, 4)) as shift_hours,
    cast(day.on_call_hours as numeric(18, 4)) as on_call_hours,
    cast(day.booked_hours as numeric(18, 4)) as booked_hours,
    {{ ratio('day.booked_hours', 'day.shift_hours') }} as utilisation
from day
left join {{ ref('st_technicians') }} as technician
    on day.tenant_id = technician.tenant_id and day.technician_id = technician.st_id

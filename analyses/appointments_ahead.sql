-- Hours that are booked in the coming two weeks, by day
select
    appointment.start_day,
    count(*) as appointments,
    sum(appointment.scheduled_hours * greatest(appointment.technicians, 1)) as technician_hours
from analytics.fct_appointments as appointment
inner join analytics.dim_tenants as tenant on appointment.tenant_id = tenant.tenant_id
where not appointment.is_canceled and appointment.start_day between tenant.today and tenant.today + 14
group by appointment.start_day
order by appointment.start_day;

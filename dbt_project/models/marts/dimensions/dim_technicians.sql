select
    technician.tenant_id,
    technician.st_id as technician_id,
    technician.business_unit_id,
    technician.name,
    technician.team,
    business_unit.name as business_unit,
    coalesce(technician.active, true) as is_active,
    technician.start_date
from {{ ref('st_technicians') }} as technician
left join {{ ref('st_business_units') }} as business_unit
    on technician.tenant_id = business_unit.tenant_id and technician.business_unit_id = business_unit.st_id
where technician.deleted_at is null

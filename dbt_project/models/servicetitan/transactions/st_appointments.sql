{% set companions = {'appointment_assignments': 'appointmentId'} -%}
{{ config(meta={'companions': companions}) -}}
select
    {{ record_key() }},

    {{ bigint('jobId') }} as job_id,
    {{ bigint('customerId') }} as customer_id,
    {{ bigint('createdById') }} as created_by_id,

    {{ text('appointmentNumber') }} as appointment_number,
    {{ label('status') }} as status,
    {{ text('specialInstructions') }} as special_instructions,
    array(
        select distinct {{ bigint('technicianId', 'part.record') }} as technician_id
        from {{ source('servicetitan', 'appointment_assignments') }} as part
        where
            {{ of_tenant('part') }}
            and part.tenant_id = record.tenant_id
            and {{ whole_number('appointmentId', 'part.record') }} = record.id
            and part.deleted_at is null
            and {{ flag('active', 'part.record') }} is distinct from false
            and {{ bigint('technicianId', 'part.record') }} is not null
        order by technician_id
    ) as technician_ids,

    {{ flag('active') }} as active,
    {{ flag('unused') }} as unused,
    {{ flag('isConfirmed') }} as is_confirmed,

    {{ instant('start') }} as start_on,
    {{ instant('end') }} as end_on,
    {{ instant('arrivalWindowStart') }} as arrival_window_start,
    {{ instant('arrivalWindowEnd') }} as arrival_window_end,
    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('appointments', companions=companions) }}

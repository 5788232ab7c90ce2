select
    {{ record_key() }},

    {{ bigint('customerId') }} as customer_id,
    {{ bigint('locationId') }} as location_id,
    {{ bigint('projectTypeId') }} as project_type_id,
    {{ bigint('statusId') }} as status_id,
    {{ bigint('subStatusId') }} as sub_status_id,
    {{ bigints('projectManagerIds') }} as project_manager_ids,
    {{ bigints('businessUnitIds') }} as business_unit_ids,
    {{ bigints('jobIds') }} as job_ids,

    {{ label('number') }} as project_number,
    {{ text('name') }} as name,
    {{ text('summary') }} as summary,
    {{ label('status') }} as status,
    {{ text('subStatus') }} as sub_status,
    {{ json('customFields', '[]') }} as custom_fields,

    {{ business_date('startDate') }} as start_date,
    {{ business_date('targetCompletionDate') }} as target_completion_date,
    {{ business_date('actualCompletionDate') }} as actual_completion_date,
    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('projects') }}

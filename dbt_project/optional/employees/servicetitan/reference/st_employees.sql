select
    {{ record_key() }},

    {{ bigint('userId') }} as user_id,
    {{ bigint('managerId') }} as manager_id,
    {{ bigint('businessUnitId') }} as business_unit_id,
    {{ bigints('roleIds') }} as role_ids,
    {{ bigint('agentId') }} as agent_id,
    {{ bigint('overtimeProfileId') }} as overtime_profile_id,

    {{ label('name') }} as name,
    {{ text('firstName') }} as first_name,
    {{ text('lastName') }} as last_name,
    {{ text('role') }} as role,
    {{ text('email') }} as email,
    {{ text('phoneNumber') }} as phone,
    {{ text('loginName') }} as login_name,
    {{ text('aadUserId') }} as aad_user_id,
    {{ text('home.street') }} as street,
    {{ text('home.unit') }} as unit,
    {{ text('home.city') }} as city,
    {{ text('home.state') }} as state,
    {{ text('home.zip') }} as zip,
    {{ text('home.country') }} as country,
    {{ number('hourlyRate') }} as hourly_rate,
    {{ json('permissions', '[]') }} as permissions,
    {{ json('customFields', '[]') }} as custom_fields,

    {{ flag('active') }} as active,
    {{ flag('accountLocked') }} as account_locked,

    {{ business_date('startDate') }} as start_date,
    {{ business_date('terminationDate') }} as termination_date,
    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('employees') }}

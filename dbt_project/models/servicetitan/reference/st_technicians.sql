select
    {{ record_key() }},

    {{ bigint('userId') }} as user_id,
    {{ bigint('businessUnitId') }} as business_unit_id,
    {{ bigint('mainZoneId') }} as main_zone_id,
    {{ bigints('zoneIds') }} as zone_ids,
    {{ bigints('roleIds') }} as role_ids,
    {{ bigint('payrollProfileId') }} as payroll_profile_id,

    {{ label('name') }} as name,
    {{ text('firstName') }} as first_name,
    {{ text('lastName') }} as last_name,
    coalesce({{ filled(text('payrollId')) }}, {{ text('userId') }}) as employee_id,
    {{ text('payrollId') }} as payroll_id,
    {{ text('email') }} as email,
    {{ text('phoneNumber') }} as phone,
    {{ text('mobilePhone') }} as mobile_phone,
    {{ text('loginName') }} as login_name,
    {{ text('team') }} as team,
    {{ text('licenseType') }} as license_type,
    {{ text('status') }} as status,
    {{ json('positions', '[]') }} as positions,
    {{ json('skills', '[]') }} as skills,
    {{ json('customFields', '[]') }} as custom_fields,
    {{ number('dailyGoal') }} as daily_goal,
    {{ number('hourlyRate') }} as hourly_rate,
    {{ number('burdenRate') }} as burden_rate,
    {{ number('commissionRate') }} as commission_rate,
    {{ number('soldByRate') }} as sold_by_rate,

    {{ flag('active') }} as active,
    {{ flag('isManagedTech') }} as is_managed_tech,
    {{ flag('accountLocked') }} as account_locked,

    {{ business_date('startDate') }} as start_date,
    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('technicians') }}

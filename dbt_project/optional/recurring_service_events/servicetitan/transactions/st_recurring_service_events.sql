select
    {{ record_key() }},

    {{ bigint('locationRecurringServiceId') }} as recurring_service_id,
    {{ bigint('membershipId') }} as membership_id,
    {{ bigint('jobId') }} as job_id,
    {{ bigint('createdById') }} as created_by_id,

    {{ text('locationRecurringServiceName') }} as recurring_service_name,
    {{ text('membershipName') }} as membership_name,
    {{ label('status') }} as status,

    {{ business_date('date') }} as event_date,
    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('recurring_service_events') }}

select
    {{ record_key() }},

    {{ bigint('customerId') }} as customer_id,
    {{ bigint('locationId') }} as location_id,
    {{ bigint('businessUnitId') }} as business_unit_id,
    {{ bigint('jobTypeId') }} as job_type_id,
    {{ bigint('campaignId') }} as campaign_id,
    {{ bigint('callReasonId') }} as call_reason_id,
    {{ bigint('callId') }} as call_id,
    {{ bigint('manualCallId') }} as manual_call_id,
    {{ bigint('bookingId') }} as booking_id,
    {{ bigint('dismissingReasonId') }} as dismissing_reason_id,
    {{ bigint('createdById') }} as created_by_id,
    {{ bigints('tagTypeIds') }} as tag_type_ids,

    {{ label('status') }} as status,
    {{ text('priority') }} as priority,
    {{ text('captureSource') }} as capture_source,
    {{ text('summary') }} as summary,
    {{ text('leadCustomerName') }} as customer_name,
    {{ text('leadPhone') }} as phone,
    {{ text('leadEmail') }} as email,
    {{ text('leadStreet') }} as street,
    {{ text('leadUnit') }} as unit,
    {{ text('leadCity') }} as city,
    {{ text('leadState') }} as state,
    {{ text('leadZip') }} as zip,
    {{ text('leadCountry') }} as country,
    {{ text('leadUrl') }} as lead_url,

    {{ instant('followUpDate') }} as follow_up_on,
    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('leads') }}

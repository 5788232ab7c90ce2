select
    {{ record_key() }},

    {{ bigint('jobId') }} as job_id,
    {{ bigint('campaignId') }} as campaign_id,
    {{ bigint('businessUnitId') }} as business_unit_id,
    {{ bigint('jobTypeId') }} as job_type_id,
    {{ bigint('bookingProviderId') }} as booking_provider_id,
    {{ bigint('dismissingReasonId') }} as dismissing_reason_id,

    {{ text('externalId') }} as external_id,
    {{ text('source') }} as source,
    {{ label('status') }} as status,
    {{ text('priority') }} as priority,
    {{ text('customerType') }} as customer_type,
    {{ text('name') }} as customer_name,
    {{ text('address.street') }} as address_street,
    {{ text('address.unit') }} as address_unit,
    {{ text('address.city') }} as address_city,
    {{ text('address.state') }} as address_state,
    {{ text('address.zip') }} as address_zip,
    {{ text('address.country') }} as address_country,
    {{ text('summary') }} as summary,
    {{ json('uploadedImages', '[]') }} as uploaded_images,

    {{ flag('isFirstTimeClient') }} as is_first_time_client,
    {{ flag('isSendConfirmationEmail') }} as send_confirmation_email,

    {{ instant('start') }} as requested_start,
    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('bookings') }}

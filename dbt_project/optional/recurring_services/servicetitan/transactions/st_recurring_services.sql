select
    {{ record_key() }},

    {{ bigint('locationId') }} as location_id,
    {{ bigint('membershipId') }} as membership_id,
    {{ bigint('recurringServiceTypeId') }} as recurring_service_type_id,
    {{ bigint('businessUnitId') }} as business_unit_id,
    {{ bigint('jobTypeId') }} as job_type_id,
    {{ bigint('campaignId') }} as campaign_id,
    {{ bigint('invoiceTemplateId') }} as invoice_template_id,
    {{ bigint('invoiceTemplateForFollowingYearsId') }} as invoice_template_for_following_years_id,
    {{ bigint('activatedFromId') }} as activated_from_id,
    {{ bigint('createdById') }} as created_by_id,
    {{ bigints('preferredTechnicianIds') }} as preferred_technician_ids,
    {{ bigints('tagTypeIds') }} as tag_type_ids,

    {{ text('name') }} as name,
    {{ text('priority') }} as priority,
    {{ text('jobSummary') }} as job_summary,
    {{ text('memo') }} as memo,
    {{ text('durationType') }} as duration_type,
    {{ bigint('durationLength') }} as duration_length,
    {{ text('recurrenceType') }} as recurrence_type,
    {{ bigint('recurrenceInterval') }} as recurrence_interval,
    {{ json('recurrenceMonths', '[]') }} as recurrence_months,
    {{ json('recurrenceDaysOfWeek', '[]') }} as recurrence_days_of_week,
    {{ bigints('recurrenceDaysOfMonth') }} as recurrence_days_of_month,
    {{ text('recurrenceWeek') }} as recurrence_week,
    {{ text('recurrenceDayOfNthWeek') }} as recurrence_day_of_nth_week,
    {{ text('jobStartTime') }} as job_start_time,
    {{ number('allocation', 18, 8) }} as allocation,
    {{ number('estimatedPayrollCost') }} as estimated_payroll_cost,
    {{ text('importId') }} as import_id,

    {{ flag('firstVisitComplete') }} as first_visit_complete,
    {{ flag('active') }} as active,

    {{ business_date('from') }} as start_date,
    {{ business_date('to') }} as end_date,
    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('recurring_services') }}

select
    {{ record_key() }},

    {{ bigint('billingTemplateId') }} as billing_template_id,
    {{ bigint('createdById') }} as created_by_id,
    {{ bigints('tagTypeIds') }} as tag_type_ids,

    {{ label('name') }} as name,
    {{ text('displayName') }} as display_name,
    {{ text('discountMode') }} as discount_mode,
    {{ text('locationTarget') }} as location_target,
    {{ text('revenueRecognitionMode') }} as revenue_recognition_mode,
    {{ number('discount', 18, 8) }} as discount_percent,
    {{ json('durationBilling', '[]') }} as duration_billing,
    {{ json('discounts', '[]') }} as discounts,
    {{ json('recurringServices', '[]') }} as recurring_services,
    {{ text('importId') }} as import_id,

    {{ flag('autoCalculateInvoiceTemplates') }} as auto_calculate_invoice_templates,
    {{ flag('useMembershipPricingTable') }} as use_membership_pricing_table,
    {{ flag('showMembershipSavings') }} as show_membership_savings,
    {{ flag('active') }} as active,

    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('membership_types') }}

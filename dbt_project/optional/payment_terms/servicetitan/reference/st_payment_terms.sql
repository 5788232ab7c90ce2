select
    {{ record_key() }},

    {{ bigint('paymentTermDiscountModel.id') }} as discount_id,
    {{ bigint('interestSettings.id') }} as interest_id,
    {{ bigint('interestSettings.taskId') }} as interest_sku_id,

    {{ label('name') }} as name,
    {{ text('dueDayType') }} as due_day_type,
    {{ bigint('dueDay') }} as due_day,
    {{ number('paymentTermDiscountModel.discount', 18, 8) }} as discount,
    {{ text('paymentTermDiscountModel.discountType') }} as discount_type,
    {{ text('paymentTermDiscountModel.discountApplyTo') }} as discount_applies_to,
    {{ text('paymentTermDiscountModel.account') }} as discount_account,
    {{ text('paymentTermDiscountModel.applyBy') }} as discount_apply_by,
    {{ bigint('paymentTermDiscountModel.applyByValue') }} as discount_apply_by_value,
    {{ text('interestSettings.rateType') }} as interest_rate_type,
    {{ number('interestSettings.flatRateValue') }} as interest_flat_rate,
    {{ number('interestSettings.percentageRateValue', 18, 8) }} as interest_percentage_rate,
    {{ text('interestSettings.chargeMethod') }} as interest_charge_method,
    {{ text('interestSettings.frequency') }} as interest_frequency,
    {{ bigint('interestSettings.gracePeriod') }} as interest_grace_days,
    {{ json('interestSettings.targetInvoices', '[]') }} as interest_target_invoices,
    {{ text('interestSettings.taskDisplayName') }} as interest_sku_name,

    {{ flag('isCustomerDefault') }} as is_customer_default,
    {{ flag('isVendorDefault') }} as is_vendor_default,
    {{ flag('inUse') }} as in_use,
    {{ flag('active') }} as active,

    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('payment_terms') }}

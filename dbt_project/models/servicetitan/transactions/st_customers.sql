{% set companions = {'customer_contacts': 'customerId'} -%}
{{ config(meta={'companions': companions}) -}}
select
    {{ record_key() }},

    {{ bigint('mergedToId') }} as merged_to_id,
    {{ bigint('paymentTermId') }} as payment_term_id,
    {{ bigint('createdById') }} as created_by_id,

    {{ label('name') }} as name,
    {{ text('type') }} as type,
    contact.email,
    contact.phone,
    contact.phone_numbers,
    contact.email_addresses,
    {{ text('address.street') }} as address_line1,
    {{ text('address.unit') }} as address_line2,
    {{ label('address.city') }} as city,
    {{ text('address.state') }} as state,
    {{ label('address.zip') }} as zip,
    {{ text('address.country') }} as country,
    {{ number('address.latitude', 11, 8) }} as latitude,
    {{ number('address.longitude', 11, 8) }} as longitude,
    jsonb_path_query_array(doc, '$.address ? (@.type() == "object")') as addresses,
    {{ number('balance') }} as balance,
    {{ number('creditLimit') }} as credit_limit,
    {{ number('creditLimitBalance') }} as credit_limit_balance,
    {{ bigints('tagTypeIds') }} as tag_type_ids,
    {{ tags() }} as tags,
    {{ json('customFields', '[]') }} as custom_fields,

    {{ flag('active') }} as active,
    {{ flag('doNotService') }} as do_not_service,
    {{ flag('doNotMail') }} as do_not_mail,
    {{ flag('taxExempt') }} as tax_exempt,
    {{ flag('nationalAccount') }} as national_account,

    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('customers', companions=companions, tagged=true) }}
cross join lateral {{ contacts_of_record('customer_contacts', 'customerId') }}

select
    {{ record_key() }},

    {{ label('number') }} as account_number,
    {{ text('name') }} as name,
    {{ text('description') }} as description,
    {{ label('type') }} as type,
    {{ text('subtype') }} as subtype,
    {{ text('source') }} as source,
    {{ text('defaultAccountType') }} as default_account_type,

    {{ flag('isIntacctGroup') }} as is_intacct_group,
    {{ flag('isIntacctBankAccount') }} as is_intacct_bank_account,
    {{ flag('active') }} as active,

    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('gl_accounts') }}

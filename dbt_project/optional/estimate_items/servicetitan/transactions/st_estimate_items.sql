select
    {{ record_key() }},

    {{ bigint('sku.id') }} as sku_id,
    {{ bigint('sku.generalLedgerAccountId') }} as sku_general_ledger_account_id,
    {{ bigint('membershipTypeId') }} as membership_type_id,
    {{ bigint('itemGroupRootId') }} as item_group_root_id,
    {{ bigint('invoiceItemId') }} as invoice_item_id,
    {{ bigint('budgetCodeId') }} as budget_code_id,

    {{ text('sku.name') }} as sku_name,
    {{ text('sku.displayName') }} as sku_display_name,
    {{ text('sku.type') }} as sku_type,
    {{ text('sku.generalLedgerAccountName') }} as sku_general_ledger_account_name,
    {{ text('skuAccount') }} as sku_account,
    {{ text('description') }} as description,
    {{ text('itemGroupName') }} as item_group_name,
    {{ number('qty') }} as quantity,
    {{ number('unitRate') }} as unit_price,
    {{ number('total') }} as total,
    {{ number('unitCost') }} as unit_cost,
    {{ number('totalCost') }} as total_cost,
    {{ number('sku.soldHours') }} as sold_hours,

    {{ flag('chargeable') }} as chargeable,

    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('estimate_items') }}

select
    receipt.tenant_id,
    receipt.st_id as receipt_id,
    {{ bigint('id', of='item') }} as item_id,
    receipt.receipt_number,
    receipt.received_on,
    receipt.purchase_order_id,
    {{ bigint('purchaseOrderItemId', of='item') }} as purchase_order_item_id,
    receipt.job_id,
    receipt.business_unit_id,
    receipt.vendor_id,
    {{ bigint('skuId', of='item') }} as sku_id,
    {{ bigint('budgetCodeId', of='item') }} as budget_code_id,
    {{ text('code', of='item') }} as sku_code,
    {{ text('name', of='item') }} as sku_name,
    {{ text('description', of='item') }} as description,
    {{ text('generalLedgerAccount.number', of='item') }} as account_number,
    {{ text('generalLedgerAccount.name', of='item') }} as account_name,
    {{ text('generalLedgerAccount.type', of='item') }} as account_type,
    {{ number('quantity', of='item') }} as quantity,
    {{ number('cost', of='item') }} as unit_cost,
    {{ number('allocatedTax', of='item') }} as allocated_tax,
    {{ number('allocatedShipping', of='item') }} as allocated_shipping,
    {{ number('allocatedOtherCosts', of='item') }} as allocated_other_costs,
    {{ number('fullyLandedUnitCost', of='item') }} as landed_unit_cost
from {{ ref('st_receipts') }} as receipt
cross join lateral jsonb_array_elements(receipt.items) as item
where receipt.active is distinct from false and receipt.deleted_at is null

select
    {{ record_key() }},

    {{ bigint('purchaseOrderId') }} as purchase_order_id,
    {{ bigint('billId') }} as bill_id,
    {{ bigint('jobId') }} as job_id,
    {{ bigint('businessUnitId') }} as business_unit_id,
    {{ bigint('vendorId') }} as vendor_id,
    {{ bigint('technicianId') }} as technician_id,
    {{ bigint('inventoryLocationId') }} as inventory_location_id,
    {{ bigint('batchId') }} as batch_id,
    {{ bigint('budgetCodeId') }} as budget_code_id,
    {{ bigint('createdById') }} as created_by_id,

    {{ label('number') }} as receipt_number,
    {{ text('vendorInvoiceNumber') }} as vendor_invoice_number,
    {{ text('syncStatus') }} as sync_status,
    {{ text('memo') }} as memo,
    {{ number('receiptAmount') }} as total,
    {{ number('taxAmount') }} as tax,
    {{ number('shippingAmount') }} as shipping,
    {{ number('otherAmount') }} as other_costs,
    {{ text('landedCostMethod') }} as landed_cost_method,
    {{ text('shipTo.street') }} as ship_to_street,
    {{ text('shipTo.unit') }} as ship_to_unit,
    {{ text('shipTo.city') }} as ship_to_city,
    {{ text('shipTo.state') }} as ship_to_state,
    {{ text('shipTo.zip') }} as ship_to_zip,
    {{ text('shipTo.country') }} as ship_to_country,
    {{ text('shipToDescription') }} as ship_to_description,
    {{ json('items', '[]') }} as items,
    {{ json('customFields', '[]') }} as custom_fields,

    {{ flag('active') }} as active,

    {{ business_date('receivedOn') }} as received_on,
    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('receipts') }}

select
    {{ record_key() }},

    {{ bigint('locationId') }} as location_id,
    {{ bigint('customerId') }} as customer_id,
    {{ bigint('equipmentId') }} as equipment_id,
    {{ bigint('type.id') }} as equipment_type_id,
    {{ bigint('invoiceItemId') }} as invoice_item_id,

    {{ text('name') }} as name,
    {{ text('type.name') }} as equipment_type_name,
    {{ text('manufacturer') }} as manufacturer,
    {{ text('model') }} as model,
    {{ text('serialNumber') }} as serial_number,
    {{ text('barcodeId') }} as barcode_id,
    {{ text('memo') }} as memo,
    {{ text('status') }} as status,
    {{ number('cost') }} as cost,
    {{ json('tags', '[]') }} as tags,
    {{ bigint('predictedReplacementMonths') }} as predicted_replacement_months,

    {{ flag('active') }} as active,

    {{ business_date('installedOn') }} as install_date,
    {{ business_date('manufacturedOn') }} as manufactured_on,
    {{ business_date('manufacturerWarrantyStart') }} as manufacturer_warranty_start,
    {{ business_date('manufacturerWarrantyEnd') }} as manufacturer_warranty_end,
    {{ business_date('serviceProviderWarrantyStart') }} as service_provider_warranty_start,
    {{ business_date('serviceProviderWarrantyEnd') }} as service_provider_warranty_end,
    {{ business_date('predictedReplacementDate') }} as predicted_replacement_date,
    {{ business_date('actualReplacementDate') }} as actual_replacement_date,
    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('installed_equipment') }}

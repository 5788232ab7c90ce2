"""Every field of every row, in ServiceTitan's order, with the value it has when nothing else is said.

Source: the specification's list rows of May 2026 (the same keys were seen live). A record is `SHAPE | its own values`,
so all keys are there and their order never changes.
"""

from __future__ import annotations

from typing import Any

Shape = dict[str, Any]

ADDRESS: Shape = {
    "street": None, "unit": None, "city": None, "state": None, "zip": None, "country": "USA",
    "latitude": None, "longitude": None,
}

BUSINESS_UNIT: Shape = {
    "id": 0, "active": True, "name": "", "officialName": None, "email": None, "currency": "USD", "phoneNumber": None,
    "invoiceHeader": None, "invoiceMessage": None, "defaultTaxRate": None, "authorizationParagraph": None,
    "acknowledgementParagraph": None, "address": None, "materialSku": None, "quickbooksClass": None,
    "accountCode": None, "franchiseId": None, "conceptCode": None, "corporateContractNumber": None, "trade": None,
    "division": None, "tagTypeIds": None, "tenant": None, "createdOn": None, "modifiedOn": None, "externalData": None,
    "certifiedSentriconSpecialistCode": None,
}

TECHNICIAN: Shape = {
    "id": 0, "userId": 0, "name": "", "roleIds": None, "businessUnitId": None, "mainZoneId": None, "zoneIds": [],
    "createdOn": None, "modifiedOn": None, "email": None, "phoneNumber": None, "loginName": None, "home": None,
    "dailyGoal": 0, "isManagedTech": False, "licenseType": "ManagedTech", "customFields": [], "active": True,
    "aadUserId": None, "burdenRate": 0, "team": None, "jobFilter": "AllScheduledDispatchedWorking",
    "permissions": [], "accountLocked": False, "commissionRate": 0, "currentValue": None, "firstName": None,
    "lastName": None, "hourlyRate": 0, "jobId": None, "mobilePhone": None, "outboundCallerId": None,
    "payrollId": None, "payrollProfileId": None, "appoitmentId": None, "shiftStart": "08:00:00",
    "shiftEnd": "17:00:00", "soldByRate": 0, "startDate": None, "status": "Idle", "skills": [], "positions": [],
    "location": None, "bio": None, "memo": None,
}

JOB_TYPE: Shape = {
    "id": 0, "name": "", "businessUnitIds": [], "skills": [], "tagTypeIds": [], "priority": "Normal", "duration": 0,
    "soldThreshold": None, "class": "", "summary": "", "noCharge": False,
    "enforceRecurringServiceEventSelection": False, "invoiceSignaturesRequired": True, "modifiedOn": None,
    "createdOn": None, "externalData": [], "active": True, "isSmartDispatched": False,
    "defaultEstimateSoldAction": "None", "customFieldTypeIds": [],
}

CALL_REASON: Shape = {"id": 0, "name": "", "isLead": False, "active": True, "createdOn": None, "modifiedOn": None}

CAMPAIGN: Shape = {
    "id": 0, "name": "", "modifiedOn": None, "createdOn": None, "active": True, "isDefaultCampaign": False,
    "category": None, "source": None, "otherSource": None, "businessUnit": None, "medium": None, "otherMedium": None,
    "campaignPhoneNumbers": [],
}

TAG_TYPE: Shape = {
    "id": 0, "name": "", "color": "#000000", "code": "", "importance": None, "isConversionOpportunity": False,
    "allowToUseOnTimesheetActivity": False, "isVisibleOnDispatchBoard": True, "active": True, "createdOn": None,
    "modifiedOn": None,
}

CUSTOM_FIELD: Shape = {
    "id": 0, "name": "", "dataType": "Text", "dataTypeOptions": None, "createdOn": None, "modifiedOn": None,
}

CUSTOMER: Shape = {
    "id": 0, "active": True, "name": "", "type": "Residential", "address": None, "customFields": [], "balance": 0,
    "taxExempt": False, "tagTypeIds": [], "doNotMail": False, "doNotService": False, "nationalAccount": False,
    "createdOn": None, "createdById": 0, "modifiedOn": None, "mergedToId": None, "paymentTermId": None,
    "creditLimit": None, "creditLimitBalance": None, "externalData": [],
}

LOCATION: Shape = {
    "id": 0, "customerId": 0, "active": True, "name": "", "address": None, "customFields": [], "createdOn": None,
    "createdById": 0, "modifiedOn": None, "mergedToId": None, "zoneId": None, "taxExempt": False, "tagTypeIds": [],
    "externalData": [], "taxZoneId": None,
}

PREFERENCES: Shape = {
    "jobRemindersEnabled": True, "marketingUpdatesEnabled": True, "invoiceStatementNotification": False,
    "invoiceNotification": False, "statementNotification": False,
}

CUSTOMER_CONTACT: Shape = {
    "modifiedOn": None, "phoneSettings": None, "createdOn": None, "preferences": PREFERENCES, "id": 0, "type": "",
    "value": "", "memo": None, "customerId": 0,
}

LOCATION_CONTACT: Shape = {
    "id": 0, "type": "", "value": "", "memo": None, "phoneSettings": None, "modifiedOn": None, "createdOn": None,
    "preferences": PREFERENCES, "locationId": 0,
}

JOB: Shape = {
    "id": 0, "jobNumber": "", "projectId": None, "customerId": 0, "locationId": 0, "jobStatus": "Scheduled",
    "completedOn": None, "businessUnitId": 0, "jobTypeId": 0, "priority": "Normal", "campaignId": 0,
    "appointmentCount": 1, "firstAppointmentId": 0, "lastAppointmentId": 0, "recallForId": None, "warrantyId": None,
    "jobGeneratedLeadSource": None, "noCharge": False, "notificationsEnabled": True, "createdOn": None,
    "createdById": 0, "modifiedOn": None, "tagTypeIds": [], "leadCallId": None, "partnerLeadCallId": None,
    "bookingId": None, "soldById": None, "customerPo": None, "invoiceId": 0, "membershipId": None, "total": 0,
    "createdFromEstimateId": None, "estimateIds": [], "equipmentIds": [], "isAutoDispatched": False, "summary": None,
    "customFields": [], "externalData": [], "summaryOfWork": None,
}

APPOINTMENT: Shape = {
    "id": 0, "jobId": 0, "appointmentNumber": "", "start": None, "end": None, "arrivalWindowStart": None,
    "arrivalWindowEnd": None, "status": "Scheduled", "specialInstructions": None, "createdOn": None,
    "modifiedOn": None, "customerId": 0, "unused": False, "createdById": 0, "isConfirmed": False, "active": True,
    "appointmentSummaries": [],
}

ASSIGNMENT: Shape = {
    "id": 0, "technicianId": 0, "technicianName": "", "assignedById": 0, "assignedOn": None, "status": "Scheduled",
    "isPaused": False, "jobId": 0, "appointmentId": 0, "createdOn": None, "modifiedOn": None, "active": True,
}

ESTIMATE: Shape = {
    "id": 0, "jobId": None, "projectId": None, "locationId": None, "customerId": None, "name": None,
    "jobNumber": None, "status": None, "reviewStatus": "None", "summary": None, "createdOn": None,
    "modifiedOn": None, "soldOn": None, "soldBy": None, "active": True, "items": [], "externalLinks": [],
    "subtotal": 0, "tax": 0, "businessUnitId": None, "businessUnitName": None, "isRecommended": False,
    "budgetCodeId": None, "isChangeOrder": False, "proposalTagName": None, "depositAmount": None,
    "depositPercent": None, "requireDepositOnSignature": False,
}

ESTIMATE_ITEM: Shape = {
    "id": 0, "sku": None, "skuAccount": "", "description": "", "membershipTypeId": None, "qty": 0, "unitRate": 0,
    "total": 0, "unitCost": 0, "totalCost": 0, "itemGroupName": "", "itemGroupRootId": None, "createdOn": None,
    "modifiedOn": None, "chargeable": None, "invoiceItemId": None, "budgetCodeId": None,
}

INVOICE: Shape = {
    "id": 0, "syncStatus": "Pending", "budgetCodeId": None, "referenceNumber": None, "invoiceDate": None,
    "dueDate": None, "subTotal": "0.00", "salesTax": "0.00", "salesTaxCode": None, "taxZoneId": None,
    "total": "0.00", "balance": "0.00", "invoiceType": None, "customer": None, "customerAddress": None,
    "location": None, "locationAddress": None, "businessUnit": None, "termName": None, "createdBy": None,
    "batch": None, "depositedOn": None, "createdOn": None, "modifiedOn": None, "adjustmentToId": None, "job": None,
    "projectId": None, "royalty": {"status": "Pending", "date": None, "sentOn": None, "memo": None},
    "employeeInfo": None, "commissionEligibilityDate": None, "sentStatus": "NotSent", "reviewStatus": "NeedsReview",
    "assignedTo": None, "summary": None, "items": None, "customFields": None, "active": True,
    "discountTotal": "0.00", "importId": None, "exportId": None, "materialSkuId": None, "membershipId": None,
    "paidOn": None, "invoiceConfiguration": "JobInvoice",
}

INVOICE_ITEM: Shape = {
    "id": 0, "description": None, "quantity": "1.00", "cost": "0.00", "totalCost": "0.00", "budgetCodeId": None,
    "inventoryLocationId": None, "inventoryLocation": None, "price": "0.00", "type": "Service", "skuName": None,
    "skuId": 0, "total": "0.00", "inventory": False, "taxable": False, "isChargeable": True,
    "generalLedgerAccount": None, "costOfSaleAccount": None, "assetAccount": None, "membershipTypeId": 0,
    "itemGroup": None, "displayName": None, "soldHours": 0, "createdOn": None, "modifiedOn": None,
    "serviceDate": None, "order": 1, "businessUnit": None, "createdById": None, "displayInAmount": None,
    "importId": None, "exportId": None, "inventoryStatus": None, "addOn": False, "memberPrice": "0.00",
    "technicianId": None, "installedEquipmentId": None, "estimateItemId": None,
}

PAYMENT: Shape = {
    "active": True, "appliedTo": [], "authCode": None, "batch": None, "businessUnit": None, "checkNumber": None,
    "createdBy": None, "createdOn": None, "customer": None, "customFields": None, "date": None, "deposit": None,
    "generalLedgerAccount": None, "id": 0, "memo": None, "modifiedOn": None, "referenceNumber": None,
    "refundedPaymentId": None, "syncStatus": "Pending", "total": "0.00", "type": None, "typeId": None,
    "unappliedAmount": "0.00",
}

APPLICATION: Shape = {
    "appliedAmount": "0.00", "appliedBy": None, "appliedId": 0, "appliedOn": None, "appliedTo": 0,
    "appliedToReferenceNumber": None,
}

INSTALLED_EQUIPMENT: Shape = {
    "id": 0, "active": True, "equipmentId": None, "locationId": 0, "customerId": 0, "invoiceItemId": None, "name": "",
    "type": None, "installedOn": None, "createdOn": None, "modifiedOn": None, "serialNumber": "", "barcodeId": None,
    "memo": "", "manufacturer": "", "model": "", "cost": 0, "status": "Installed", "manufacturerWarrantyStart": None,
    "manufacturerWarrantyEnd": None, "serviceProviderWarrantyStart": None, "serviceProviderWarrantyEnd": None,
    "tags": [], "actualReplacementDate": None, "manufacturedOn": None, "predictedReplacementMonths": None,
    "predictedReplacementDate": None,
}

"""The optional lists: all others of the API that need no parameter but the tenant, one line each.

They are read where the user has chosen them, and land like the standard ones. Paths, parameters and scopes are those of
ServiceTitan's OpenAPI specification of May 2026. `told_by` is our reading of it: the fields that should tell records
apart which have no id. What is left out, and why, says left_out.py.
"""

from __future__ import annotations

from servicetitan_mirror.entities.kinds import (
    ANY,
    ANY_STATUS,
    BY_ID,
    CALLS,
    FEW,
    INACTIVE_TOO,
    NO_IDS,
    NOT_ONLY_ACTIVE,
    ONE_ANSWER,
    UNCOUNTED,
    UNDATED,
    UNSORTED,
    WITH_INACTIVE,
    fed,
    records,
    reference,
    told_by,
    within,
)

# parts of a record that are left out unless they are asked for
MEMBERSHIP_TYPES = {f"include{part}": "true" for part in ("DurationBilling", "Discounts", "RecurringServices", "Tags")}
REVIEWS = {f"includeReviewsWithout{part}": "true" for part in ("Location", "Campaign", "Technician")}

LARGE_PAGE = {"page": "1", "pageSize": "5000"}  # the answer does not say whether there is more

REVIEW = told_by("internalId", "platform", "externalId", "publishDate", "authorName")
LEAD = told_by("dateTime", "leadType", "job.id", "call.id", "booking.id", "leadForm.id")
RATE = told_by("locationId", "laborTypeCode", "laborTypeName")
BY_TEXT = told_by("id")  # the id is a text
RATING = told_by("technicianId", "jobId")

OPTIONAL = (
    # accounting
    records("ap_bills", "accounting/ap-bills", "tn.acc.apbills:r", UNSORTED),
    records("ap_credits", "accounting/ap-credits", "tn.acc.apcredits:r", BY_ID),
    records("ap_payments", "accounting/ap-payments", "tn.acc.appayments:r", BY_ID),
    records("credit_memos", "accounting/credit-memos", "tn.acc.creditmemos:r", ANY, BY_ID),
    records(
        "credit_memo_items",
        "accounting/credit-memos/credit-memo-items",
        "tn.acc.creditmemos:r",
        ANY,
        BY_ID,
        UNDATED,
        NO_IDS,
    ),
    records("bank_deposits", "accounting/bank-deposits", "tn.acc.bankdeposits:r", BY_ID),
    fed("invoice_items", "accounting/export/invoice-items", "tn.acc.invoiceitems:r"),
    reference("gl_accounts", "accounting/gl-accounts", "tn.acc.glaccounts:r", ANY, BY_ID),
    reference("gl_account_types", "accounting/gl-accounts/types", "tn.acc.glaccounts:r", ANY, BY_ID),
    records("inventory_bills", "accounting/inventory-bills/paginated", "tn.acc.inventorybills:r", UNSORTED),
    records("journal_entries", "accounting/journal-entries", "tn.acc.journalentries:r", BY_ID, FEW, NO_IDS, BY_TEXT),
    reference("payment_terms", "accounting/payment-terms", "tn.acc.paymentterms:r", BY_ID),
    reference("payment_types", "accounting/payment-types", "tn.acc.paymenttypes:r", ANY, UNSORTED, UNDATED),
    reference("remittance_vendors", "accounting/remittance-vendors", "tn.acc.remittancevendors:r", ANY, BY_ID),
    reference("tax_zones", "accounting/tax-zones", "tn.acc.taxzones:r", ANY, BY_ID),
    # crm
    reference("booking_provider_tags", "crm/booking-provider-tags", "tn.crm.bookingprovidertags:r", BY_ID),
    records("bookings", "crm/bookings", "tn.crm.bookings:r", BY_ID),
    records("contacts", "crm/contacts", "tn.crm.contacts:r", BY_ID, NO_IDS, BY_TEXT),
    records("contact_methods", "crm/contacts/contact-methods", "tn.crm.contacts:r", BY_ID, NO_IDS, BY_TEXT),
    records("leads", "crm/leads", "tn.crm.leads:r", BY_ID),
    # customer-interactions
    records(
        "technician_ratings",
        "customer-interactions/technician-ratings",
        "tn.csi.technicianrating:r",
        ANY,
        BY_ID,
        NO_IDS,
        RATING,
    ),
    # dispatch
    reference("arrival_windows", "dispatch/arrival-windows", "tn.dis.arrivalwindows:r", ANY, UNSORTED, UNDATED, NO_IDS),
    records(
        "non_job_appointments", "dispatch/non-job-appointments", "tn.dis.nonjobappointments:r", NOT_ONLY_ACTIVE, BY_ID
    ),
    reference("teams", "dispatch/teams", "tn.dis.teams:r", WITH_INACTIVE, BY_ID, NO_IDS),
    records("technician_shifts", "dispatch/technician-shifts", "tn.dis.technicianshifts:r", ANY, BY_ID, NO_IDS),
    reference(
        "technician_skills", "dispatch/technician-skills", "tn.dis.technicianskills:r", ANY, BY_ID, NO_IDS, BY_TEXT
    ),
    reference("zones", "dispatch/zones", "tn.dis.zones:r", ANY, BY_ID, NO_IDS),
    # equipmentsystems
    reference("equipment_types", "equipmentsystems/equipment-types", "tn.eqs.equipmenttypes:r", ANY, BY_ID),
    # findings
    records("location_findings", "findings/location-findings", "tn.fdgs.locationfindings:r", ANY, BY_ID),
    # forms
    reference("forms", "forms/forms", "tn.frm.forms:r", ANY, ANY_STATUS, BY_ID),
    records("form_submissions", "forms/submissions", "tn.frm.submissions:r", ANY, ANY_STATUS, BY_ID, UNDATED, NO_IDS),
    # inventory
    records("inventory_adjustments", "inventory/adjustments", "tn.inv.adjustments:r", ANY, BY_ID),
    reference("inventory_templates", "inventory/inventory-templates", "tn.inv.inventorytemplates:r", ANY, BY_ID),
    records("purchase_orders", "inventory/purchase-orders", "tn.inv.purchaseorders:r", BY_ID),
    records("purchase_order_requests", "inventory/purchase-orders/requests", "tn.inv.purchaseorders:r", BY_ID),
    reference("purchase_order_markups", "inventory/purchase-order-markups", "tn.inv.purchaseordermarkups:r", BY_ID),
    reference(
        "purchase_order_types", "inventory/purchase-order-types", "tn.inv.purchaseordertypes:r", ANY, BY_ID, NO_IDS
    ),
    records("receipts", "inventory/receipts", "tn.inv.receipts:r", ANY, BY_ID),
    records("returns", "inventory/returns", "tn.inv.returns:r", ANY, BY_ID),
    reference("return_types", "inventory/return-types", "tn.inv.returntypes:r", NOT_ONLY_ACTIVE, BY_ID, NO_IDS),
    records("transfers", "inventory/transfers", "tn.inv.transfers:r", BY_ID),
    reference("trucks", "inventory/trucks", "tn.inv.trucks:r", ANY, BY_ID),
    reference("vendors", "inventory/vendors", "tn.inv.vendors:r", ANY, BY_ID),
    reference("warehouses", "inventory/warehouses", "tn.inv.warehouses:r", ANY, BY_ID),
    # jpm
    reference(
        "budget_code_segments",
        "jpm/work-breakdown-structure/segments",
        "tn.jpm.segments:r",
        LARGE_PAGE,
        ONE_ANSWER,
        NO_IDS,
    ),
    reference(
        "budget_codes", "jpm/work-breakdown-structure/budget-codes", "tn.jpm.budgetcodes:r", UNSORTED, UNDATED, NO_IDS
    ),
    fed("job_canceled_logs", "jpm/export/job-canceled-logs", "tn.jpm.jobcanceledlogs:r"),
    fed("job_notes", "jpm/export/job-notes", "tn.jpm.jobnotes:r"),
    fed("project_notes", "jpm/export/project-notes", "tn.jpm.projectnotes:r"),
    fed("job_history", "jpm/export/job-history", "tn.jpm.jobhistory:r", told_by("jobId")),
    reference("job_cancel_reasons", "jpm/job-cancel-reasons", "tn.jpm.jobcancelreasons:r", ANY, BY_ID, NO_IDS),
    reference("job_hold_reasons", "jpm/job-hold-reasons", "tn.jpm.jobholdreasons:r", ANY, BY_ID, NO_IDS),
    records("projects", "jpm/projects", "tn.jpm.projects:r", BY_ID),
    reference("project_statuses", "jpm/project-statuses", "tn.jpm.projectstatuses:r", BY_ID),
    reference("project_substatuses", "jpm/project-substatuses", "tn.jpm.projectsubstatuses:r", ANY, BY_ID),
    reference("project_types", "jpm/project-types", "tn.jpm.projecttypes:r", UNSORTED, UNDATED, NO_IDS),
    # marketingads
    records(
        "attributed_leads",
        "marketingads/attributed-leads",
        "tn.mads.attributedleads:r",
        UNSORTED,
        NO_IDS,
        within("fromUtc", "toUtc"),
        LEAD,
    ),
    # marketingreputation
    records("reviews", "marketingreputation/reviews", "tn.mrep.reviews:r", REVIEWS, NO_IDS, REVIEW),
    # marketing
    reference("campaign_categories", "marketing/categories", "tn.mrk.categories:r", BY_ID, NO_IDS),
    records("campaign_costs", "marketing/costs", "tn.mrk.costs:r", BY_ID, UNDATED, NO_IDS),
    # memberships
    records("memberships", "memberships/memberships", "tn.mem.memberships:r", ANY, BY_ID),
    fed("invoice_templates", "memberships/export/invoice-templates", "tn.mem.invoicetemplates:r", INACTIVE_TOO),
    fed("membership_status_changes", "memberships/export/membership-status-changes", "tn.mem.memberships:r"),
    records(
        "recurring_service_events", "memberships/recurring-service-events", "tn.mem.recurringserviceevents:r", BY_ID
    ),
    records(
        "recurring_services",
        "memberships/recurring-services",
        "tn.mem.recurringservices:r",
        ANY,
        BY_ID,
        {"includeTechnicians": "true"},
    ),
    reference(
        "membership_types", "memberships/membership-types", "tn.mem.membershiptypes:r", ANY, BY_ID, MEMBERSHIP_TYPES
    ),
    reference(
        "recurring_service_types", "memberships/recurring-service-types", "tn.mem.recurringservicetypes:r", ANY, BY_ID
    ),
    # payroll
    records("gross_pay_items", "payroll/gross-pay-items", "tn.prl.grosspayitems:r", BY_ID, NO_IDS),
    records("job_splits", "payroll/jobs/splits", "tn.prl.jobs:r", ANY, BY_ID, NO_IDS),
    reference("location_rates", "payroll/locations/rates", "tn.prl.locations:r", ANY, UNSORTED, UNDATED, NO_IDS, RATE),
    reference("activity_codes", "payroll/activity-codes", "tn.prl.activitycodes:r", ANY, BY_ID, NO_IDS),
    records("payroll_adjustments", "payroll/payroll-adjustments", "tn.prl.payrolladjustments:r", ANY, BY_ID, NO_IDS),
    records("payrolls", "payroll/payrolls", "tn.prl.payrolls:r", ANY, BY_ID, NO_IDS),
    reference(
        "payroll_settings",
        "payroll/payroll-settings",
        "tn.prl.payrollsettings:r",
        ANY,
        UNSORTED,
        NO_IDS,
        told_by("employeeId", "employeeType"),
    ),
    reference("timesheet_codes", "payroll/timesheet-codes", "tn.prl.timesheetcodes:r", ANY, BY_ID, NO_IDS),
    records("non_job_timesheets", "payroll/non-job-timesheets", "tn.prl.nonjobtimesheets:r", ANY, BY_ID, NO_IDS),
    records("job_timesheets", "payroll/jobs/timesheets", "tn.prl.jobs:r", ANY, BY_ID, NO_IDS),
    # pricebook
    reference("client_specific_pricing", "pricebook/clientspecificpricing", "tn.pb.csp:r", ANY, UNSORTED, UNDATED),
    reference("pricebook_categories", "pricebook/categories", "tn.pb.categories:r", ANY, BY_ID, NO_IDS),
    reference("discounts_and_fees", "pricebook/discounts-and-fees", "tn.pb.discountsandfees:r", ANY, BY_ID),
    reference("pricebook_equipment", "pricebook/equipment", "tn.pb.equipment:r", ANY, BY_ID),
    reference("pricebook_materials", "pricebook/materials", "tn.pb.materials:r", ANY, BY_ID),
    reference("material_cost_types", "pricebook/materials/costtypes", "tn.pb.materials:r", ONE_ANSWER, NO_IDS),
    reference("materials_markup", "pricebook/materialsmarkup", "tn.pb.materials:r", UNSORTED, UNCOUNTED, NO_IDS),
    reference("pricebook_services", "pricebook/services", "tn.pb.services:r", ANY, BY_ID),
    # reporting
    reference(
        "report_categories",
        "reporting/report-categories",
        "tn.rpr.reportcategories:r",
        UNSORTED,
        UNDATED,
        NO_IDS,
        BY_TEXT,
    ),
    # sales
    records("estimate_items", "sales/estimates/items", "tn.sal.estimates:r", ANY, BY_ID),
    reference("estimate_templates", "sales/estimate-templates", "tn.sal.estimatetemplates:r", ANY, UNSORTED, NO_IDS),
    reference("proposal_templates", "sales/proposal-templates", "tn.sal.proposaltemplates:r", ANY, UNSORTED, NO_IDS),
    reference("proposal_types", "sales/proposal-types", "tn.sal.proposaltypes:r", ANY, ONE_ANSWER, NO_IDS),
    # schedulingpro
    reference("schedulers", "schedulingpro/schedulers", "tn.sp.schedulers:r", UNSORTED, NO_IDS, BY_TEXT),
    # service-agreements
    records("service_agreements", "service-agreements/service-agreements", "tn.sa.serviceagreements:r", BY_ID),
    # settings
    reference(
        "intacct_business_units", "settings/business-units/intacct", "tn.stt.businessunits:r", UNSORTED, UNDATED, FEW
    ),
    reference("employees", "settings/employees", "tn.stt.employees:r", ANY, UNSORTED),
    reference("user_roles", "settings/user-roles", "tn.stt.userroles:r", ANY, UNSORTED, UNDATED),
    # taskmanagement
    records("tasks", "taskmanagement/tasks", "tn.tsm.tasks:r", ANY, BY_ID, {"includeSubtasks": "true"}),
    # telecom
    records("calls", "telecom/calls", "tn.tlc.calls:r", ANY, BY_ID, CALLS),
    # timesheets
    records("activities", "timesheets/activities", "tn.tms.activities:r", ANY, BY_ID, NO_IDS),
    reference(
        "activity_categories", "timesheets/activity-categories", "tn.tms.activitycategories:r", ANY, BY_ID, NO_IDS
    ),
    reference("activity_types", "timesheets/activity-types", "tn.tms.activitytypes:r", ANY, BY_ID, NO_IDS),
)

"""The optional lists that the simulator serves besides the standard ones: all others of the API.

What differs between them is in ServiceTitan's specification: kind, parameters, sort, scope, fields. Here stand their
names, which are those of their tables in the store, and the little that the specification does not tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from servicetitan_specification import Field, Listing, listing
from servicetitan_specification.listing import FEED

from .endpoints import CREATED, ENTITY_NAMES, SCOPES, STANDARD_SORT, Endpoint
from .form import Form

PATHS = dict(
    line.split()
    for line in """
ap_bills accounting/ap-bills
ap_credits accounting/ap-credits
ap_payments accounting/ap-payments
credit_memos accounting/credit-memos
credit_memo_items accounting/credit-memos/credit-memo-items
bank_deposits accounting/bank-deposits
gl_accounts accounting/gl-accounts
gl_account_types accounting/gl-accounts/types
inventory_bills accounting/inventory-bills/paginated
invoice_items accounting/export/invoice-items
journal_entries accounting/journal-entries
payment_terms accounting/payment-terms
payment_types accounting/payment-types
remittance_vendors accounting/remittance-vendors
tax_zones accounting/tax-zones
booking_provider_tags crm/booking-provider-tags
bookings crm/bookings
contacts crm/contacts
contact_methods crm/contacts/contact-methods
leads crm/leads
technician_ratings customer-interactions/technician-ratings
arrival_windows dispatch/arrival-windows
non_job_appointments dispatch/non-job-appointments
teams dispatch/teams
technician_shifts dispatch/technician-shifts
technician_skills dispatch/technician-skills
zones dispatch/zones
equipment_types equipmentsystems/equipment-types
location_findings findings/location-findings
forms forms/forms
form_submissions forms/submissions
inventory_adjustments inventory/adjustments
inventory_templates inventory/inventory-templates
purchase_orders inventory/purchase-orders
purchase_order_requests inventory/purchase-orders/requests
purchase_order_markups inventory/purchase-order-markups
purchase_order_types inventory/purchase-order-types
receipts inventory/receipts
returns inventory/returns
return_types inventory/return-types
transfers inventory/transfers
trucks inventory/trucks
vendors inventory/vendors
warehouses inventory/warehouses
budget_codes jpm/work-breakdown-structure/budget-codes
budget_code_segments jpm/work-breakdown-structure/segments
job_canceled_logs jpm/export/job-canceled-logs
job_notes jpm/export/job-notes
project_notes jpm/export/project-notes
job_history jpm/export/job-history
job_cancel_reasons jpm/job-cancel-reasons
job_hold_reasons jpm/job-hold-reasons
project_statuses jpm/project-statuses
project_substatuses jpm/project-substatuses
project_types jpm/project-types
attributed_leads marketingads/attributed-leads
reviews marketingreputation/reviews
campaign_categories marketing/categories
campaign_costs marketing/costs
memberships memberships/memberships
membership_types memberships/membership-types
membership_status_changes memberships/export/membership-status-changes
invoice_templates memberships/export/invoice-templates
recurring_services memberships/recurring-services
recurring_service_types memberships/recurring-service-types
recurring_service_events memberships/recurring-service-events
activity_codes payroll/activity-codes
gross_pay_items payroll/gross-pay-items
job_splits payroll/jobs/splits
job_timesheets payroll/jobs/timesheets
location_rates payroll/locations/rates
non_job_timesheets payroll/non-job-timesheets
payroll_adjustments payroll/payroll-adjustments
payroll_settings payroll/payroll-settings
payrolls payroll/payrolls
timesheet_codes payroll/timesheet-codes
client_specific_pricing pricebook/clientspecificpricing
pricebook_categories pricebook/categories
discounts_and_fees pricebook/discounts-and-fees
pricebook_equipment pricebook/equipment
pricebook_materials pricebook/materials
material_cost_types pricebook/materials/costtypes
materials_markup pricebook/materialsmarkup
pricebook_services pricebook/services
report_categories reporting/report-categories
estimate_items sales/estimates/items
estimate_templates sales/estimate-templates
proposal_templates sales/proposal-templates
proposal_types sales/proposal-types
schedulers schedulingpro/schedulers
service_agreements service-agreements/service-agreements
intacct_business_units settings/business-units/intacct
employees settings/employees
user_roles settings/user-roles
tasks taskmanagement/tasks
calls telecom/calls
activities timesheets/activities
activity_categories timesheets/activity-categories
activity_types timesheets/activity-types
""".strip().splitlines()
)
NAMES = tuple(PATHS)
VERSIONS = {"calls": "v3"}
WITHIN = {"calls": "leadCall"}  # where its rows have their dates
KEYS = {  # of those whose rows have no id
    "technician_ratings": "jobId",
    "job_history": "jobId",
    "attributed_leads": "dateTime",
    "reviews": "internalId",
    "location_rates": "locationId",
    "payroll_settings": "employeeId",
}
LARGEST_PAGES = {"journal_entries": 500, "intacct_business_units": 500}
ACTIVITY = ("active", "activeOnly", "includeInactive")
_OWN = ("page", "pageSize", "includeTotal", "ids", "sort", "from", "includeRecentChanges", *ACTIVITY)


def is_known(entity: str) -> bool:
    """Whether there are lists of this name, standard or optional."""
    return entity in ENTITY_NAMES or entity in PATHS


@cache
def specified(name: str) -> Listing:
    """What the specification says of an optional list."""
    module, _, rest = PATHS[name].partition("/")
    return listing(f"{module}/{VERSIONS.get(name, 'v2')}/tenant/{{tenant}}/{rest}")


@cache
def endpoint(name: str) -> Endpoint:
    """An optional list as it is served."""
    module, _, rest = PATHS[name].partition("/")
    known = specified(name)
    required = tuple(parameter for parameter, each in known.parameters.items() if each.required)
    return Endpoint(
        name,
        module,
        rest,
        known.scope,
        activity=next((each for each in ACTIVITY if each in known.parameters), ""),
        ids="ids" in known.parameters,
        sort=(known.sort or STANDARD_SORT) if "sort" in known.parameters else (),
        required=required,
        equals=" ".join(_filters(known)),
        version=VERSIONS.get(name, "v2"),
        kind=known.kind,
        knows=frozenset(parameter.lower() for parameter in known.parameters),
        created=("fromUtc", "toUtc") if "fromUtc" in required else CREATED,
        largest_page=LARGEST_PAGES.get(name),
    )


@cache
def form(name: str) -> Form:
    """Where the rows of an optional list have their key and their dates."""
    key = KEYS.get(name, "id")
    return Form(key, specified(name).fields[key].type, WITHIN.get(name, ""), specified(name).kind == FEED)


@cache
def served(module: str, name: str) -> Endpoint | None:
    """The optional list at `crm/v2` and `leads`; None where there is none."""
    found = [each for each, path in PATHS.items() if path == f"{module.partition('/')[0]}/{name}"]
    return next((endpoint(each) for each in found if module.endswith(f"/{VERSIONS.get(each, 'v2')}")), None)


@cache
def scopes() -> tuple[str, ...]:
    """Every scope that a list needs, in the order of the alphabet."""
    return tuple(sorted({*SCOPES, *(specified(name).scope for name in NAMES)}))


def _filters(known: Listing) -> list[str]:
    """`parameter=field` for each parameter that has the name of a field, or of several of its values."""
    found = {name: _filtered(name, known.fields) for name in known.parameters if name not in _OWN}
    return [f"{name}={field}" for name, field in found.items() if field]


def _filtered(parameter: str, fields: Mapping[str, Field]) -> str:
    single = parameter.removesuffix("s") if parameter.endswith("Ids") else parameter
    paths = (single, f"{single.removesuffix('Id')}.id") if single.endswith("Id") else (single,)
    return next((path for path in paths if path in fields), "")

"""The standard lists: those that fill the fifteen tables, their companions among them.

One line per entity, in the order in which they start and are published. Paths, parameters and scopes are those of
ServiceTitan's OpenAPI specification of May 2026.
"""

from __future__ import annotations

from servicetitan_mirror.entities.kinds import (
    ALL,
    ANY,
    BY_ID,
    EQUIPMENT,
    NO_IDS,
    ORDER_BY_ID,
    UNSORTED,
    Endpoint,
    Entity,
    contacts,
    fields,
    listed,
)

CUSTOM_FIELDS = (
    fields("customers", "crm/customers", "tn.crm.customers:r"),
    fields("locations", "crm/locations", "tn.crm.locations:r"),
    fields("jobs", "jpm/jobs", "tn.jpm.jobs:r"),
    fields("projects", "jpm/projects", "tn.jpm.projects:r"),
    fields("invoices", "accounting/invoices", "tn.acc.invoices:r"),
    fields("payments", "accounting/payments", "tn.acc.payments:r"),
    Endpoint(
        "equipmentsystems/installed-equipment/custom-field-types",
        "tn.eqs.installedequipment:r",
        EQUIPMENT,
        "installed_equipment",
        dated=False,
        has_total=False,
    ),
    fields("memberships", "memberships/memberships", "tn.mem.memberships:r"),
    fields("vendors", "inventory/vendors", "tn.inv.vendors:r"),
    fields("ap_bills", "accounting/ap-bills", "tn.acc.apbills:r"),
    fields("ap_credits", "accounting/ap-credits", "tn.acc.apcredits:r"),
    fields("ap_payments", "accounting/ap-payments", "tn.acc.appayments:r"),
    fields("credit_memos", "accounting/credit-memos", "tn.acc.creditmemos:r"),
    fields("inventory_bills", "accounting/inventory-bills", "tn.acc.inventorybills:r"),
)

STANDARD = (
    listed(1, "business_units", "settings/business-units", "tn.stt.businessunits:r", ANY, UNSORTED),
    listed(1, "technicians", "settings/technicians", "tn.stt.technicians:r", ANY, UNSORTED),
    listed(1, "job_types", "jpm/job-types", "tn.jpm.jobtypes:r", ANY, ORDER_BY_ID),
    listed(1, "call_reasons", "jbce/call-reasons", "tn.jbce.callreasons:r", ANY, BY_ID, NO_IDS),
    listed(1, "campaigns", "marketing/campaigns", "tn.mrk.campaigns:r", ANY, BY_ID),
    listed(1, "tag_types", "settings/tag-types", "tn.stt.tagtypes:r", ANY, BY_ID, NO_IDS),
    Entity("custom_fields", 1, CUSTOM_FIELDS, is_reference=True),
    listed(2, "customers", "crm/customers", "tn.crm.customers:r", ANY, BY_ID),
    contacts(2, "customer_contacts", "crm/customers/contacts", "tn.crm.customers:r", "customers", "customerId"),
    listed(3, "locations", "crm/locations", "tn.crm.locations:r", ANY, BY_ID),
    contacts(3, "location_contacts", "crm/locations/contacts", "tn.crm.locations:r", "locations", "locationId"),
    listed(3, "jobs", "jpm/jobs", "tn.jpm.jobs:r", BY_ID),  # no activity filter: jobs are canceled, never deleted
    listed(4, "estimates", "sales/estimates", "tn.sal.estimates:r", ANY, BY_ID),
    listed(4, "appointments", "jpm/appointments", "tn.jpm.appointments:r", ANY, BY_ID),
    Entity(
        "appointment_assignments",
        4,
        (Endpoint("dispatch/appointment-assignments", "tn.dis.appointmentassignments:r", ANY | BY_ID, has_ids=True),),
        "appointments",
        "appointmentId",
    ),
    listed(4, "invoices", "accounting/invoices", "tn.acc.invoices:r", ALL, BY_ID),
    listed(4, "payments", "accounting/payments", "tn.acc.payments:r", ALL, BY_ID),
    listed(4, "installed_equipment", "equipmentsystems/installed-equipment", "tn.eqs.installedequipment:r", ANY, BY_ID),
)

"""Which fields of a record are about a person, as data, and what is done with them.

A field is one of three kinds:

    HASHED   who it is: names, e-mail, phone, street. With `personal_data = "hash"` it lands as a keyed hash, so that
             equal ones stay equal; with `drop` it lands as null
    DROPPED  what people typed, which may say anything of anybody, and coordinates: null with `hash` as with `drop`
    ERASED   where the person lives, more or less: null once the customer is erased

What is erased has none of the three. A tree goes through lists as if they were not there. A field that no tree names is
HASHED where its name sounds like it: ServiceTitan adds fields without notice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

Tree = Mapping[str, Any]  # field → kind, or the tree of what is below it

HASHED, DROPPED, ERASED = "hashed", "dropped", "erased"

_ADDRESS = {
    **dict.fromkeys(("street", "streetAddress", "unit"), HASHED),
    **dict.fromkeys(("latitude", "longitude"), DROPPED),
    **dict.fromkeys(("city", "zip"), ERASED),
}
_NAME = {"name": HASHED}
_PARTY = {**_NAME, "address": _ADDRESS}
# what any record may have, though the specification names it for some only
ANYWHERE: Tree = {
    "customFields": {"value": DROPPED},
    **dict.fromkeys(("externalData", "memo", "summary"), DROPPED),
    **dict.fromkeys(("customer", "location"), _PARTY),
    **dict.fromkeys(("address", "customerAddress", "locationAddress"), _ADDRESS),
}
_CONTACT = {**ANYWHERE, "value": HASHED, "phoneSettings": {"phoneNumber": HASHED}}

_WHO = dict.fromkeys(("firstName", "lastName", "email", "phone", "fax"), HASHED)
_VENDOR = {**ANYWHERE, "contactInfo": _WHO, "address": {}}  # a business, but for whom one talks to there
_ORDERED = {**ANYWHERE, "shipTo": _ADDRESS}
_DELIVERED = {**_ORDERED, "shipToDescription": DROPPED}
_TASK = {"name": DROPPED, "description": DROPPED, "comments": {"comment": DROPPED}}

FIELDS: Mapping[str, Tree] = {
    "technicians": {
        **ANYWHERE,
        **dict.fromkeys(("name", "firstName", "lastName", "email", "phoneNumber", "mobilePhone"), HASHED),
        **dict.fromkeys(("loginName", "aadUserId", "outboundCallerId"), HASHED),
        "bio": DROPPED,
        "home": _ADDRESS,
        "location": _ADDRESS,
    },
    "customers": {**ANYWHERE, "name": HASHED},
    "customer_contacts": _CONTACT,
    "locations": {**ANYWHERE, "name": HASHED},
    "location_contacts": _CONTACT,
    "jobs": {**ANYWHERE, "summaryOfWork": DROPPED, "customerPo": DROPPED},
    "estimates": {**ANYWHERE, "name": DROPPED, "externalLinks": DROPPED, "items": {"description": DROPPED}},
    "appointments": {**ANYWHERE, "specialInstructions": DROPPED, "appointmentSummaries": {"notes": DROPPED}},
    "appointment_assignments": {**ANYWHERE, "technicianName": HASHED},
    "invoices": {
        **ANYWHERE,
        **dict.fromkeys(("employeeInfo", "assignedTo"), _NAME),
        "createdBy": HASHED,
        "items": {"description": DROPPED, "inventoryLocation": DROPPED},
        "royalty": {"memo": DROPPED},
    },
    "payments": {
        **ANYWHERE,
        **dict.fromkeys(("createdBy", "checkNumber", "authCode"), HASHED),
        "appliedTo": {"appliedBy": HASHED},
    },
    "installed_equipment": {**ANYWHERE, "tags": {"memo": DROPPED}},
    "ap_bills": {**_DELIVERED, "createdBy": HASHED, "canceledBy": _NAME},
    "inventory_bills": {**_DELIVERED, "createdBy": HASHED},
    "purchase_orders": _ORDERED,
    "purchase_order_requests": _ORDERED,
    "receipts": _DELIVERED,
    "credit_memos": {
        **ANYWHERE,
        **dict.fromkeys(("createdBy", "modifiedBy"), HASHED),
        "description": DROPPED,
        "appliedTo": {"appliedBy": HASHED},
    },
    "credit_memo_items": {**ANYWHERE, "createdBy": HASHED, "description": DROPPED},
    "bank_deposits": {**ANYWHERE, "createdBy": HASHED},
    "invoice_items": {**ANYWHERE, "description": DROPPED},
    "journal_entries": {**ANYWHERE, "message": DROPPED, "exportedBy": _NAME},
    "remittance_vendors": _VENDOR,
    "vendors": _VENDOR,
    "bookings": {**ANYWHERE, "name": HASHED, "uploadedImages": DROPPED},
    "contacts": {**ANYWHERE, "name": HASHED},
    "contact_methods": {**ANYWHERE, "value": HASHED},
    "leads": {
        **ANYWHERE,
        **dict.fromkeys(("leadCustomerName", "leadPhone", "leadEmail", "leadStreet", "leadUnit"), HASHED),
        **dict.fromkeys(("leadCity", "leadZip"), ERASED),
    },
    "calls": {
        **ANYWHERE,
        "leadCall": {
            **ANYWHERE,
            **dict.fromkeys(("from", "to"), HASHED),
            **dict.fromkeys(("recordingUrl", "voiceMailUrl"), DROPPED),
            **dict.fromkeys(("createdBy", "agent"), _NAME),
        },
    },
    "non_job_appointments": {**ANYWHERE, "name": DROPPED},
    "technician_shifts": {**ANYWHERE, "title": DROPPED, "note": DROPPED},
    "location_findings": {
        **ANYWHERE,
        **dict.fromkeys(("name", "description", "recommendedSolution", "internalNotes"), DROPPED),
    },
    "form_submissions": {**ANYWHERE, "units": DROPPED},
    "job_notes": {**ANYWHERE, "text": DROPPED},
    "project_notes": {**ANYWHERE, "text": DROPPED},
    "projects": {**ANYWHERE, "name": DROPPED},
    "attributed_leads": {
        **ANYWHERE,
        "call": {"callerNumber": HASHED},
        "leadForm": {"notes": DROPPED},
    },
    "reviews": {
        **ANYWHERE,
        **dict.fromkeys(("authorName", "authorEmail", "customerName", "technicianFullName"), HASHED),
        **dict.fromkeys(("review", "reviewResponse"), DROPPED),
        "address": {},
    },
    "memberships": {**ANYWHERE, "customerPo": DROPPED},
    "membership_status_changes": {**ANYWHERE, "note": DROPPED},
    "gross_pay_items": {
        **ANYWHERE,
        **dict.fromkeys(("customerName", "locationName", "locationAddress"), HASHED),
        "locationZip": ERASED,
    },
    "recurring_services": {**ANYWHERE, "jobSummary": DROPPED},
    "estimate_items": {**ANYWHERE, "description": DROPPED},
    "service_agreements": {**ANYWHERE, "name": DROPPED},
    "employees": {
        **ANYWHERE,
        **dict.fromkeys(("name", "firstName", "lastName", "email", "phoneNumber", "loginName", "aadUserId"), HASHED),
        "home": _ADDRESS,
    },
    "tasks": {
        **ANYWHERE,
        **_TASK,
        "customerName": HASHED,
        "attachments": {"files": {"filename": DROPPED, "url": DROPPED}},
        "subTasksData": {"subTasks": _TASK},
    },
    # the business's own, which say nothing of a person
    **{name: {} for name in ("business_units", "job_types", "call_reasons", "campaigns", "tag_types", "custom_fields")},
}

_SOUNDS_PERSONAL = re.compile(
    r"(e-?mail|phone|mobile|fax|street|birth|passport|ssn|login|"
    r"(first|last|middle|full|maiden|customer|contact|technician|employee)_?name|notes?)(address|number|line)?\d?$",
    re.I,
)


def tree_of(entity: str) -> Tree | None:
    """The personal fields of an entity's records; None where none of its records is about a person."""
    return FIELDS.get(entity, ANYWHERE) or None


@lru_cache(10_000)
def sounds_personal(field: str) -> str:
    """The kind of a field that no tree names, by its name; empty where it sounds like nobody's."""
    return HASHED if _SOUNDS_PERSONAL.search(field) else ""

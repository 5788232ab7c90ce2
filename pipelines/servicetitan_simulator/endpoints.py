"""The lists that the simulator serves, one line each: what differs between them is data.

Source of every fact: ServiceTitan's OpenAPI specification of May 2026; `sort` fields that it does not name are
taken to be Id, CreatedOn and ModifiedOn. `CUSTOM_FIELDS` are the fourteen endpoints of custom field types, `FEEDS`
the export feeds that show which contacts were deleted. All other lists of the API stand in `optional`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

STANDARD_SORT = ("Id", "ModifiedOn", "CreatedOn")
MODIFIED = ("modifiedOnOrAfter", "modifiedBefore")
CREATED = ("createdOnOrAfter", "createdBefore")


@dataclass(frozen=True)
class Endpoint:
    """One list.

    activity: the parameter that chooses active or inactive rows, "" where there is none.
    needs_one_of: parameters of which at least one must be there (else 400).
    required: parameters that must all be there (else 400).
    equals: further filters, `parameter=field`; a field may be a path such as `customer.id`.
    kind: "list" in pages, "feed" by tokens, "bare" with nothing but `data`.
    knows: the parameters that it takes, in lower case; others are ignored. None: all that lists have.
    created: the parameters of the time in which a row was made.
    largest_page: where it is below the API's own.
    """

    entity: str
    module: str
    name: str
    scope: str
    activity: str = "active"
    ids: bool = True
    sort: tuple[str, ...] = ()
    sort_parameter: str = "sort"
    order_by: bool = False
    first_page: int = 0
    needs_one_of: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    equals: str = ""
    owner: str = ""
    version: str = "v2"
    kind: str = "list"
    knows: frozenset[str] | None = None
    created: tuple[str, str] = CREATED
    largest_page: int | None = None

    @property
    def table(self) -> str:
        """The name of its table in the store."""
        return f"{self.entity}/{self.owner}" if self.owner else self.entity

    def path(self, tenant: str) -> str:
        """`/crm/v2/tenant/1234567/customers`."""
        return f"/{self.module}/{self.version}/tenant/{tenant}/{self.name}"


ENTITIES = (
    Endpoint("business_units", "settings", "business-units", "tn.stt.businessunits:r"),
    Endpoint("technicians", "settings", "technicians", "tn.stt.technicians:r"),
    Endpoint("job_types", "jpm", "job-types", "tn.jpm.jobtypes:r", order_by=True),
    Endpoint("call_reasons", "jbce", "call-reasons", "tn.jbce.callreasons:r", ids=False, sort=STANDARD_SORT),
    Endpoint("campaigns", "marketing", "campaigns", "tn.mrk.campaigns:r", sort=(*STANDARD_SORT, "Name")),
    Endpoint("tag_types", "settings", "tag-types", "tn.stt.tagtypes:r", ids=False, sort=STANDARD_SORT),
    Endpoint("customers", "crm", "customers", "tn.crm.customers:r", sort=STANDARD_SORT),
    Endpoint("locations", "crm", "locations", "tn.crm.locations:r", sort=STANDARD_SORT, equals="customerId=customerId"),
    Endpoint(
        "projects",
        "jpm",
        "projects",
        "tn.jpm.projects:r",
        activity="",
        sort=(*STANDARD_SORT, "Name", "TargetCompletionDate"),
        equals="customerId=customerId locationId=locationId status=status projectTypeId=projectTypeId",
    ),
    Endpoint(
        "jobs",
        "jpm",
        "jobs",
        "tn.jpm.jobs:r",
        activity="",
        sort=(*STANDARD_SORT, "Priority"),
        equals="customerId=customerId locationId=locationId projectId=projectId jobStatus=jobStatus jobTypeId=jobTypeId"
        " number=jobNumber",
    ),
    Endpoint(
        "estimates",
        "sales",
        "estimates",
        "tn.sal.estimates:r",
        sort=STANDARD_SORT,
        order_by=True,
        equals="jobId=jobId locationId=locationId status=status.name",
    ),
    Endpoint(
        "appointments",
        "jpm",
        "appointments",
        "tn.jpm.appointments:r",
        sort=STANDARD_SORT,
        equals="jobId=jobId customerId=customerId status=status",
    ),
    Endpoint(
        "invoices",
        "accounting",
        "invoices",
        "tn.acc.invoices:r",
        activity="activeState",
        sort=STANDARD_SORT,
        order_by=True,
        equals="jobId=job.id customerId=customer.id businessUnitId=businessUnit.id",
    ),
    Endpoint(
        "payments",
        "accounting",
        "payments",
        "tn.acc.payments:r",
        activity="activeState",
        sort=STANDARD_SORT,
        equals="customerId=customer.id",
    ),
    Endpoint(
        "installed_equipment",
        "equipmentsystems",
        "installed-equipment",
        "tn.eqs.installedequipment:r",
        sort=STANDARD_SORT,
        equals="locationIds=locationId",
    ),
)

COMPANIONS = (
    Endpoint(
        "customer_contacts",
        "crm",
        "customers/contacts",
        "tn.crm.customers:r",
        activity="",
        ids=False,
        needs_one_of=("customerIds", *MODIFIED),
        equals="customerIds=customerId",
    ),
    Endpoint(
        "location_contacts",
        "crm",
        "locations/contacts",
        "tn.crm.locations:r",
        activity="",
        ids=False,
        needs_one_of=("locationIds", *MODIFIED, *CREATED),
        equals="locationIds=locationId",
    ),
    Endpoint(
        "appointment_assignments",
        "dispatch",
        "appointment-assignments",
        "tn.dis.appointmentassignments:r",
        sort=STANDARD_SORT,
        equals="appointmentIds=appointmentId jobId=jobId",
    ),
)


def _types_of(owner: str, module: str, name: str, scope: str) -> Endpoint:
    """The custom field types of one owner; those of the module jpm refuse page 0 (seen live)."""
    first_page = 1 if module == "jpm" else 0
    return Endpoint(
        "custom_fields",
        module,
        f"{name}/custom-fields",
        scope,
        activity="",
        ids=False,
        sort=STANDARD_SORT,
        first_page=first_page,
        owner=owner,
    )


CUSTOM_FIELDS = (
    _types_of("customers", "crm", "customers", "tn.crm.customers:r"),
    _types_of("locations", "crm", "locations", "tn.crm.locations:r"),
    _types_of("jobs", "jpm", "jobs", "tn.jpm.jobs:r"),
    _types_of("projects", "jpm", "projects", "tn.jpm.projects:r"),
    _types_of("invoices", "accounting", "invoices", "tn.acc.invoices:r"),
    _types_of("payments", "accounting", "payments", "tn.acc.payments:r"),
    Endpoint(
        "custom_fields",
        "equipmentsystems",
        "installed-equipment/custom-field-types",
        "tn.eqs.installedequipment:r",
        activity="",
        ids=False,
        sort=STANDARD_SORT,
        sort_parameter="sortBy",
        required=("page", "pageSize", "descending"),
        owner="installed_equipment",
    ),
    _types_of("memberships", "memberships", "memberships", "tn.mem.memberships:r"),
    _types_of("vendors", "inventory", "vendors", "tn.inv.vendors:r"),
    _types_of("ap_bills", "accounting", "ap-bills", "tn.acc.apbills:r"),
    _types_of("ap_credits", "accounting", "ap-credits", "tn.acc.apcredits:r"),
    _types_of("ap_payments", "accounting", "ap-payments", "tn.acc.appayments:r"),
    _types_of("credit_memos", "accounting", "credit-memos", "tn.acc.creditmemos:r"),
    _types_of("inventory_bills", "accounting", "inventory-bills", "tn.acc.inventorybills:r"),
)

CONTACTS = tuple(endpoint for endpoint in COMPANIONS if endpoint.name.endswith("/contacts"))
FEEDS = tuple(replace(endpoint, name=f"export/{endpoint.name}", kind="feed") for endpoint in CONTACTS)

ENDPOINTS = ENTITIES + COMPANIONS + CUSTOM_FIELDS
ENTITY_NAMES = tuple(dict.fromkeys(endpoint.entity for endpoint in ENDPOINTS))
OWNERS = tuple(endpoint.owner for endpoint in CUSTOM_FIELDS)
TABLES = [endpoint.table for endpoint in ENDPOINTS]
TRACED_TABLES = [endpoint.table for endpoint in FEEDS]
SCOPES = tuple(sorted({endpoint.scope for endpoint in ENDPOINTS}))

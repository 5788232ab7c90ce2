"""The endpoints as data: one line per entity, in the order in which they start and are published.

An entity has one name everywhere: `customers` is the landed table `raw_servicetitan.customers`, the model
`st_customers.sql` and its `st_customers.yml`. A companion is an entity without a table of its own: its
records complete the rows of its parent (contacts carry e-mail and phone, assignments the technicians).

Paths, parameters and scopes are those of ServiceTitan's OpenAPI specification of May 2026. Every list is
asked for active and inactive rows: lists show only active ones by default, so a record that turns inactive
would otherwise never reach an incremental sync.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ANY = {"active": "Any"}
ALL = {"activeState": "All"}  # accounting's name for the same
BY_ID = {"sort": "+Id"}
ORDER_BY_ID = {"orderBy": "id", "orderByDirection": "asc"}
EQUIPMENT = {"sortBy": "Id", "descending": "false"}  # `descending` is required there
MOST_IDS = 50  # that a call may name
UNSORTED: dict[str, str] = {}  # the list has no sort: only its count can tell whether a read was complete


@dataclass(frozen=True)
class Endpoint:
    """One list of the API: `module/list`, the scope that it needs and the parameters of every call.

    `owner` tells apart the lists that land in one table. A `dated` list has the modified filter and the
    total; one that `needs_filter` answers 400 without the modified filter. A `feed` is the path of the export that
    shows what changed together with what was deleted, which the list just stops to show. One that `has_ids` gives
    records by their ids, MOST_IDS at once.
    """

    path: str
    scope: str
    params: Mapping[str, str] = field(default_factory=dict)
    owner: str | None = None
    dated: bool = True
    needs_filter: bool = False
    feed: str | None = None
    has_ids: bool = False

    @property
    def specified(self) -> str:
        """The path under which the specification has it."""
        return _below_host(self.path, "{tenant}")

    def url(self, tenant_id: int) -> str:
        """The list's path below the API's host."""
        return _below_host(self.path, tenant_id)

    def feed_url(self, tenant_id: int) -> str:
        """The feed's path below the API's host."""
        return _below_host(self.feed or self.path, tenant_id)


def _below_host(path: str, tenant_id: int | str) -> str:
    module, _, rest = path.partition("/")
    return f"{module}/v2/tenant/{tenant_id}/{rest}"


@dataclass(frozen=True)
class Entity:
    """A landed table and the lists that fill it.

    A companion is a `companion_of` another entity; its records hold that one's id under the key `parent_id`.
    """

    name: str
    phase: int
    endpoints: tuple[Endpoint, ...]
    companion_of: str | None = None
    parent_id: str | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """What identifies a landed row: ids of custom fields are unique for one owner only."""
        return ("tenant_id", "entity_type", "id") if self.has_owners else ("tenant_id", "id")

    @property
    def has_owners(self) -> bool:
        """Whether the rows carry an `entity_type`."""
        return self.endpoints[0].owner is not None

    @property
    def table(self) -> str:
        """The table that shows it; a companion has none of its own."""
        return f"st_{self.name}"

    @property
    def is_accompanied(self) -> bool:
        """Whether it is a companion or has one."""
        return self.name in ACCOMPANIED


def listed(phase: int, name: str, path: str, scope: str, *params: Mapping[str, str], has_ids: bool = True) -> Entity:
    """An entity with one list."""
    merged = {key: value for part in params for key, value in part.items()}
    return Entity(name, phase, (Endpoint(path, scope, merged, has_ids=has_ids),))


def contacts(phase: int, name: str, path: str, scope: str, companion_of: str, parent_id: str) -> Entity:
    """Contacts of customers or locations: no sort, no activity filter, and the modified filter is a must.

    A deleted contact just vanishes from the list; only the export feed shows it, with `active` false.
    """
    feed = path.replace("/", "/export/", 1)
    endpoint = Endpoint(path, scope, UNSORTED, needs_filter=True, feed=feed)
    return Entity(name, phase, (endpoint,), companion_of, parent_id)


def fields(owner: str, path: str, scope: str) -> Endpoint:
    """The custom-field types of one owner."""
    return Endpoint(f"{path}/custom-fields", scope, BY_ID, owner)


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
    ),
    fields("memberships", "memberships/memberships", "tn.mem.memberships:r"),
    fields("vendors", "inventory/vendors", "tn.inv.vendors:r"),
    fields("ap_bills", "accounting/ap-bills", "tn.acc.apbills:r"),
    fields("ap_credits", "accounting/ap-credits", "tn.acc.apcredits:r"),
    fields("ap_payments", "accounting/ap-payments", "tn.acc.appayments:r"),
    fields("credit_memos", "accounting/credit-memos", "tn.acc.creditmemos:r"),
    fields("inventory_bills", "accounting/inventory-bills", "tn.acc.inventorybills:r"),
)

ENTITIES = (
    listed(1, "business_units", "settings/business-units", "tn.stt.businessunits:r", ANY, UNSORTED),
    listed(1, "technicians", "settings/technicians", "tn.stt.technicians:r", ANY, UNSORTED),
    listed(1, "job_types", "jpm/job-types", "tn.jpm.jobtypes:r", ANY, ORDER_BY_ID),
    listed(1, "call_reasons", "jbce/call-reasons", "tn.jbce.callreasons:r", ANY, BY_ID, has_ids=False),
    listed(1, "campaigns", "marketing/campaigns", "tn.mrk.campaigns:r", ANY, BY_ID),
    listed(1, "tag_types", "settings/tag-types", "tn.stt.tagtypes:r", ANY, BY_ID, has_ids=False),
    Entity("custom_fields", 1, CUSTOM_FIELDS),
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

ACCOMPANIED = {name for entity in ENTITIES if entity.companion_of for name in (entity.name, entity.companion_of)}
PUBLISHED = tuple(entity for entity in ENTITIES if not entity.companion_of)  # those with a table of their own
BY_NAME = {entity.name: entity for entity in ENTITIES}
LISTS = tuple(endpoint for entity in ENTITIES for endpoint in entity.endpoints)  # each is one call of an idle sync

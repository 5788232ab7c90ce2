"""What a list of the API is, and the entity that it fills.

Kinds are facts of an Endpoint, not classes: dated or not, with a total or without, in pages or in one answer, asked
with a filter, a range of time or a feed's token. reading/ does by them what is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ANY = {"active": "Any"}
ALL = {"activeState": "All"}  # accounting's name for the same
NOT_ONLY_ACTIVE = {"activeOnly": "false"}
WITH_INACTIVE = {"includeInactive": "true"}
ANY_STATUS = {"status": "Any"}
BY_ID = {"sort": "+Id"}
ORDER_BY_ID = {"orderBy": "id", "orderByDirection": "asc"}
EQUIPMENT = {"sortBy": "Id", "descending": "false"}  # `descending` is required there
MOST_IDS = 50  # that a call may name
UNSORTED: dict[str, str] = {}  # the list has no sort: only its count can tell whether a read was complete


class Facts(dict[str, Any]):
    """What differs in an Endpoint from most, by the names of its attributes."""


UNDATED = Facts(dated=False)
UNCOUNTED = Facts(dated=False, has_total=False)
ONE_ANSWER = Facts(dated=False, has_total=False, is_paged=False)
NO_IDS = Facts(has_ids=False)
CALLS = Facts(version="v3", dated_in="leadCall")
INACTIVE_TOO = Facts(shows_inactive=True)
FEW = Facts(largest_page=500)

LATER = 5  # the first phase of optional lists: users wait for the standard ones


@dataclass(frozen=True)
class Endpoint:
    """One list of the API: `module/list`, the scope that it needs and the parameters of every call.

    Attributes:
        path: below the API's host, without version and tenant.
        scope: what the app needs to be granted.
        params: of every call.
        owner: tells apart the lists that land in one table.
        dated: whether it has the modified filter.
        has_total: whether it says how many records it holds.
        is_paged: whether it comes in pages; else one answer holds all of it.
        needs_filter: whether it answers 400 without the modified filter.
        feed: the path of the export that shows what changed together with what was deleted, which the list just stops
            to show. A path that is a feed itself is read by its token alone.
        has_ids: whether it gives records by their ids, MOST_IDS at once.
        version: of the API.
        window: the parameters of the range of time without which it answers 400; its records are those of the range.
        largest_page: how many records a page may hold, where that is fewer than elsewhere.
        shows_inactive: whether a record of its feed that is not `active` is there all the same.
        told_by: the fields that tell its records apart, where they have no `id` that is a number.
        dated_in: the key of the object in its records that has their `createdOn`, `modifiedOn` and `active`.
    """

    path: str
    scope: str
    params: Mapping[str, str] = field(default_factory=dict)
    owner: str | None = None
    dated: bool = True
    needs_filter: bool = False
    feed: str | None = None
    has_ids: bool = False
    has_total: bool = True
    is_paged: bool = True
    version: str = "v2"
    window: tuple[str, str] | None = None
    largest_page: int | None = None
    shows_inactive: bool = False
    told_by: tuple[str, ...] = ()
    dated_in: str | None = None

    @property
    def is_feed(self) -> bool:
        """Whether there is nothing but the feed: no list shows its records."""
        return self.feed == self.path

    @property
    def kind(self) -> str:
        """How it is read, in a few words."""
        if self.is_feed:
            return "feed"
        if self.window:
            return "by range of time"
        if self.dated:
            return "changes"
        return "whole" if self.has_total else "whole, no total" if self.is_paged else "whole, one answer"

    @property
    def shows_changes(self) -> bool:
        """Whether it can be asked for what changed; else all of it is read each time."""
        return self.dated or self.is_feed or self.window is not None

    @property
    def module(self) -> str:
        """The part of the API that it belongs to: `crm`."""
        return self.path.partition("/")[0]

    @property
    def specified(self) -> str:
        """The list's path as the specification has it: `crm/v2/tenant/{tenant}/customers`."""
        return self._below_host(self.path, "{tenant}")

    def url(self, tenant_id: int) -> str:
        """The list's path below the API's host."""
        return self._below_host(self.path, tenant_id)

    def feed_url(self, tenant_id: int) -> str:
        """The feed's path below the API's host."""
        return self._below_host(self.feed or self.path, tenant_id)

    def _below_host(self, path: str, tenant_id: int | str) -> str:
        module, _, rest = path.partition("/")
        return f"{module}/{self.version}/tenant/{tenant_id}/{rest}"


@dataclass(frozen=True)
class Entity:
    """A landed table and the lists that fill it.

    Attributes:
        name: of the table, and of everything that is made of it.
        phase: in which phase of a sync its lists start, and its table is published.
        endpoints: the lists.
        companion_of: the entity that its records complete.
        parent_id: the key of its records that holds that entity's id.
        is_reference: whether it is one of the few lists by which others are described, and seldom changes.
    """

    name: str
    phase: int
    endpoints: tuple[Endpoint, ...]
    companion_of: str | None = None
    parent_id: str | None = None
    is_reference: bool = False

    @property
    def key(self) -> tuple[str, ...]:
        """What identifies a landed row: ids of custom fields are unique for one owner only."""
        return ("tenant_id", "entity_type", "id") if self.has_owners else ("tenant_id", "id")

    @property
    def has_owners(self) -> bool:
        """Whether the rows carry an `entity_type`."""
        return self.endpoints[0].owner is not None

    @property
    def is_standard(self) -> bool:
        """Whether the fifteen tables need it; else it is read where it is chosen."""
        return self.phase < LATER

    @property
    def module(self) -> str:
        """The part of the API that its lists belong to: `crm`; of several the first."""
        return self.endpoints[0].module

    @property
    def table(self) -> str:
        """The table that shows it; a companion has none of its own."""
        return f"st_{self.name}"


def told_by(*fields: str) -> Facts:
    """The list's records have no id that is a number: these fields tell them apart."""
    return Facts(told_by=fields)


def within(begin: str, end: str) -> Facts:
    """The list asks for a range of time, by these parameters."""
    return Facts(window=(begin, end), dated=False)


def listed(phase: int, name: str, path: str, scope: str, *params: Mapping[str, str] | Facts) -> Entity:
    """An entity with one list, the parameters of its calls and what is otherwise than in most lists."""
    merged = {key: value for part in params if not isinstance(part, Facts) for key, value in part.items()}
    facts = Facts(has_ids=True)
    for part in params:
        facts |= part if isinstance(part, Facts) else {}
    endpoint = Endpoint(path, scope, merged, **facts)
    return Entity(name, phase, (endpoint,), is_reference=phase in (1, LATER))


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


def reference(name: str, path: str, scope: str, *params: Mapping[str, str] | Facts) -> Entity:
    """An optional entity by which others are described: types, statuses, the pricebook, employees."""
    return listed(LATER, name, path, scope, *params)


def records(name: str, path: str, scope: str, *params: Mapping[str, str] | Facts) -> Entity:
    """An optional entity that tells what happened."""
    return listed(LATER + 1, name, path, scope, *params)


def fed(name: str, path: str, scope: str, *params: Mapping[str, str] | Facts) -> Entity:
    """An optional entity that no list shows: only its export feed does."""
    return records(name, path, scope, UNCOUNTED, NO_IDS, Facts(feed=path), *params)

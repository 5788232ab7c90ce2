"""What each setting of `[sources.servicetitan]` may be, and which of them are secret, hidden or needed."""

from __future__ import annotations

from servicetitan_mirror.config.checks import Address, File, Key, Length, Number, OneOf, Proxy, Rule, Whole
from servicetitan_mirror.config.chosen import Lists, Pauses
from servicetitan_mirror.config.webhooks import Webhook, Webhooks
from servicetitan_mirror.config.zones import Zone

API_HOSTS = {
    "production": "https://api.servicetitan.io",
    "integration": "https://api-integration.servicetitan.io",
}
AUTH_HOSTS = {
    "production": "https://auth.servicetitan.io",
    "integration": "https://auth-integration.servicetitan.io",
}
LARGEST_PAGE = 5000  # ServiceTitan's limit for a list's pageSize

RULES: dict[str, Rule] = {
    "tenant_id": Whole(1, 2**63 - 1),
    "client_id": Key(),
    "client_secret": Key(),
    "app_key": Key(),
    "timezone": Zone(),
    "environment": OneOf((*API_HOSTS,)),
    "api_url": Address(),
    "auth_url": Address(),
    "proxy": Proxy(),
    "ca_file": File(),
    "page_size": Whole(1, LARGEST_PAGE),
    "requests_per_second": Number(0.01, 100_000),
    "overlap": Whole(0, 604_800),
    "patience": Whole(0, 86_400),
    "timeout": Whole(1, 3_600),
    "max_deleted_share": Number(0, 1),
    "log_retention_days": Whole(0, 36_500),
    "full_every": Length(),
    "full_over_days": Whole(1, 31),
    "distribution": OneOf(("none", "partitions", "citus")),
    "run_limit": Whole(0, 604_800),
    "lock_timeout": Whole(0, 86_400),
    "entities": Lists(),
    "every": Pauses(),
    "only": Lists(),  # the former name of `entities`
    "personal_data": OneOf(("keep", "hash", "drop")),
    "personal_data_key": Key("a text of your own: letters, digits and signs, without blanks"),
    "alert_urls": Webhooks(),
    "alert_max_age": Length(),
    "ping_url": Webhook(),
}
OF_ALL: dict[str, Rule] = {  # what a tenant's own section cannot say
    "tenants_at_once": Whole(1, 1_000),
    "history": OneOf(("on", "off")),
}
SECRET = ("client_secret", "app_key", "personal_data_key", "alert_urls", "ping_url")
HIDDEN = (*SECRET, "client_id", "api_url", "auth_url", "proxy")  # their values are in no message
NEEDED = ("tenant_id", "client_id", "client_secret", "app_key")

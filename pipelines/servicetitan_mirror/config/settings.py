"""What the user configures, by dlt's conventions: environment, `.dlt/secrets.toml`, `.dlt/config.toml`.

Every setting of `[sources.servicetitan]` is also an environment variable, `SOURCES__SERVICETITAN__TENANT_ID`. Settings
are cleaned and checked when they are read; what is wrong is named together with the place where it was read. Those of
one of several tenants: see tenants.py.
"""

from __future__ import annotations

import difflib
import re
from datetime import datetime, timedelta, tzinfo
from typing import Any

from dlt.common.configuration import configspec, resolve_configuration
from dlt.common.configuration.specs import BaseConfiguration
from dlt.common.typing import TSecretStrValue

from servicetitan_mirror.clock import UTC
from servicetitan_mirror.config import lookup, tenants
from servicetitan_mirror.config.checks import (
    Address,
    File,
    Key,
    Length,
    Near,
    Number,
    OneOf,
    Proxy,
    Rule,
    Whole,
    cleaned,
    seconds_of,
    shown,
)
from servicetitan_mirror.config.chosen import Lists, Pauses, patterns, seconds_between
from servicetitan_mirror.config.lookup import OUR_SECTION as SECTION
from servicetitan_mirror.config.lookup import Found
from servicetitan_mirror.config.webhooks import Webhook, Webhooks
from servicetitan_mirror.config.zones import Zone, earliest_instant, zone_of
from servicetitan_mirror.entities import Entity
from servicetitan_mirror.entities.choosing import chosen
from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.places import CHECKOUT

API_HOSTS = {
    "production": "https://api.servicetitan.io",
    "integration": "https://api-integration.servicetitan.io",
}
AUTH_HOSTS = {
    "production": "https://auth.servicetitan.io",
    "integration": "https://auth-integration.servicetitan.io",
}
LARGEST_PAGE = 5000  # ServiceTitan's limit for a list's pageSize
SHORTEST_KEY = 16  # characters of the key of hashes
FASTEST = 60  # calls a second that ServiceTitan allows an app and tenant; an api_url of one's own may take more

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


@configspec
class Settings(BaseConfiguration):
    """`[sources.servicetitan]`. Times are in seconds, `max_deleted_share` is a share from 0 to 1."""

    tenant_id: int = None  # type: ignore[assignment]
    client_id: str = None  # type: ignore[assignment]
    client_secret: TSecretStrValue = None  # type: ignore[assignment]
    app_key: TSecretStrValue = None  # type: ignore[assignment]
    timezone: str | None = None
    environment: str = "production"
    api_url: str | None = None
    auth_url: str | None = None
    proxy: str | None = None
    ca_file: str | None = None
    page_size: int = 500
    requests_per_second: float = 10.0
    overlap: int = 600
    patience: int = 300
    timeout: int = 120
    max_deleted_share: float = 0.2
    log_retention_days: int = 90
    full_every: str = "24h"
    full_over_days: int = 1
    run_limit: int = 7200
    lock_timeout: int = 60
    entities: str = ""
    every: str = ""
    only: str = ""
    personal_data: str = "keep"
    personal_data_key: TSecretStrValue | None = None
    alert_urls: str = ""
    alert_max_age: str = "1h"
    ping_url: str | None = None
    tenant: str | None = None  # its name, where there are several

    def on_resolved(self) -> None:
        """Reject values that cannot work.

        Raises:
            ConfigurationError: names the setting, its value and what is allowed.
        """
        for name in RULES:
            if (value := getattr(self, name)) is not None:
                setattr(self, name, _checked(name, Found(value, variable(name))))
        if self.requests_per_second > FASTEST and not self.api_url:
            raise ConfigurationError(
                f"{variable('requests_per_second')} is {self.requests_per_second:g}; "
                f"ServiceTitan allows an app {FASTEST} calls a second."
            )
        if self.only and self.entities:
            raise ConfigurationError(
                f"{variable('only')} is the former name of {variable('entities')}, and both are set: take it out."
            )
        if self.personal_data == "hash" and len(self.personal_data_key or "") < SHORTEST_KEY:
            raise ConfigurationError(
                f"{variable('personal_data')} is hash, so {variable('personal_data_key')} must be {SHORTEST_KEY} "
                "characters or more that nobody else knows, and stay the same: `openssl rand -hex 32` makes some."
            )

    @property
    def full_every_seconds(self) -> float | None:
        """The age in seconds at which a list's last full read is due again; None where none is ever due."""
        return seconds_of(self.full_every)

    @property
    def asked(self) -> tuple[str, ...]:
        """The names and patterns of the lists that are synced."""
        return patterns(self.entities or self.only) or ("standard",)

    @property
    def chosen(self) -> tuple[Entity, ...]:
        """The entities that are synced."""
        return chosen(self.asked)

    def seconds_between(self, entity: Entity) -> float:
        """How many seconds lie between two reads of the entity's lists at least; 0 where every sync reads them."""
        return seconds_between(entity, self.every, self.asked)

    @property
    def zone(self) -> tzinfo:
        """The tenant's time zone; UTC where none is set."""
        return zone_of(self.timezone)

    def instant(self, moment: datetime) -> datetime:
        """The instant of a moment that was given; without a zone of its own it is of the tenant's.

        Raises:
            ConfigurationError: it has none, and lies in the future there.
        """
        if moment.tzinfo:
            return moment
        instant = earliest_instant(moment, self.zone)
        if instant > datetime.now(UTC):
            raise ConfigurationError(f"{instant.astimezone(self.zone).isoformat()} lies in the future.")
        return instant

    @property
    def oldest(self) -> timedelta | None:
        """The age from which on data is worth an alert; None if none is."""
        seconds = seconds_of(self.alert_max_age)
        return timedelta(seconds=seconds) if seconds else None

    @property
    def webhooks(self) -> list[str]:
        """Where alerts go."""
        return self.alert_urls.split()

    @property
    def api_host(self) -> str:
        """The API's base address, without a slash at its end."""
        return (self.api_url or API_HOSTS[self.environment]).rstrip("/")

    @property
    def token_url(self) -> str:
        """Where tokens are asked for."""
        return (self.auth_url or AUTH_HOSTS[self.environment]).rstrip("/") + "/connect/token"


def variable(name: str, tenant: str | None = None) -> str:
    """The environment variable of a setting, of one of several tenants its own: `SOURCES__SERVICETITAN__PAGE_SIZE`."""
    return "__".join((*tenants.sections(tenant)[0], name)).upper()


def load_settings(tenant: str | None = None) -> Settings:
    """Read and check the settings: of the tenant of this name, else of the one in use, else of the only one.

    Raises:
        ConfigurationError: names what is missing, wrong or unknown, and where; or it is not said which of several.
    """
    tenant = tenants.resolved(tenant)
    for section in tenants.sections(tenant):
        reject_unknown(section, {**RULES, **OF_ALL} if section == SECTION else RULES)
    given = {name: _given(name, tenant) for name in RULES}
    if missing := [name for name in NEEDED if given[name] is None]:
        raise ConfigurationError(_missing(missing, tenant))
    values = {name: _checked(name, found) for name, found in given.items() if found}
    _check_is_its_own(tenant, values["tenant_id"])
    defaults = {name: getattr(Settings, name) for name in RULES}  # dlt would also take a bare TIMEOUT for them
    return resolve_configuration(Settings(), sections=SECTION, explicit_value={**defaults, **values, "tenant": tenant})


def load_tenant_id(tenant: str | None = None) -> int | None:
    """The tenant's id, for what needs no more of ServiceTitan; None where none is set. `tenant` as in load_settings."""
    found = _given("tenant_id", tenants.resolved(tenant))
    return _checked("tenant_id", found) if found else None


def load_asked(tenant: str | None = None) -> tuple[str, ...]:
    """The names and patterns of the lists that are chosen, for what needs no more. `tenant` as in load_settings.

    Raises:
        ConfigurationError: a name means nothing.
    """
    found = _given("entities", tenant) or _given("only", tenant)
    return patterns(_checked("entities", found) if found else "") or ("standard",)


def load_webhooks(tenant: str | None) -> list[str]:
    """Where a tenant's alerts go, for what has to be said while other settings are wrong; none if nobody can tell."""
    try:
        found = _given("alert_urls", tenant)
        return str(_checked("alert_urls", found)).split() if found else []
    except ConfigurationError:
        return []


def origins(tenant: str | None = None) -> dict[str, str]:
    """Where each setting that was given was read, by its name. `tenant` as in load_settings."""
    tenant = tenants.resolved(tenant)
    found = {name: _given(name, tenant) for name in RULES}
    return {name: given.place for name, given in found.items() if given}


def load_tenants_at_once() -> int:
    """How many tenants are synced at the same time.

    Raises:
        ConfigurationError: the setting makes no sense.
    """
    return int(read_setting(SECTION, "tenants_at_once", OF_ALL["tenants_at_once"], 4))


def load_history() -> bool:
    """Whether the states of jobs, estimates, customers and memberships are kept.

    Raises:
        ConfigurationError: the setting makes no sense.
    """
    return bool(read_setting(SECTION, "history", OF_ALL["history"], "off") == "on")


def read_setting(sections: tuple[str, ...], name: str, rule: Rule, default: Any, secret: bool = False) -> Any:
    """A setting of another section; a secret is not quoted, and only read where secrets belong.

    Raises:
        ConfigurationError: names it, and where it was read.
    """
    found = lookup.find(sections, name, secret)
    if found is None or _is_blank(found.value):
        return default
    return _read(rule, found, "" if secret else shown(found.value))


def reject_unknown(sections: tuple[str, ...], known: Any) -> None:
    """Let no misspelt setting pass in silence.

    Raises:
        ConfigurationError: names it, and the setting that it looks like.
    """
    for name, place in lookup.names(sections):
        if name not in known:
            near = difflib.get_close_matches(name.lower(), known, 1, 0.5)
            advice = f"do you mean {near[0]}?" if near else f"there are {', '.join(known)}."
            raise ConfigurationError(f"{place} is no setting; {advice}")


def _given(name: str, tenant: str | None) -> Found | None:
    """A setting as it was given; what is blank, or still as in the example, was not."""
    for section in tenants.sections(tenant, name):
        found = lookup.find(section, name, name in SECRET)
        if found and not _is_blank(found.value) and not (name in NEEDED and _is_example(found.value)):
            return found
    return None


def _check_is_its_own(tenant: str | None, tenant_id: int) -> None:
    """Two names for one tenant would be two syncs of the same rows."""
    for other in tenants.names():
        found = _given("tenant_id", other)
        if other != tenant and found and cleaned(str(found.value)) == str(tenant_id):
            raise ConfigurationError(
                f"The tenants {tenant} and {other} have the same tenant_id: which of them is meant?"
            )


def _is_blank(value: object) -> bool:  # what GitHub makes of a secret that is not there
    return isinstance(value, str) and not cleaned(value)


def _is_example(value: object) -> bool:
    return re.fullmatch(r"0|[a-z0-9]+\.{4}", str(value)) is not None


def _checked(name: str, found: Found) -> Any:
    return _read(RULES[name], found, "" if name in HIDDEN else shown(found.value))


def _read(rule: Rule, found: Found, words: str) -> Any:
    try:
        return rule.read(found.value)
    except ValueError as error:
        problem = f"is {words}" if words else "is wrong"
        near = f"; {error}" if isinstance(error, Near) else ""
        raise ConfigurationError(f"{found.place} {problem}; it must be {rule.allowed}{near or '.'}") from None


def _missing(names: list[str], tenant: str | None) -> str:
    section = tenants.sections(tenant)[0]
    rows = "\n".join(f"  {name:<14} {'__'.join((*section, name)).upper()}" for name in names)
    demo = "make demo" if CHECKOUT else "servicetitan demo"
    who = f"The tenant {tenant} is not" if tenant else "Not"
    return (
        f"{who} configured yet. These settings are missing; put each into {lookup.secrets_file()} under "
        f"[{'.'.join(section)}] or into the environment:\n\n"
        f"  {'secrets.toml':<14} environment variable\n{rows}\n\n"
        f"To see the mirror at work without an account: {demo}"
    )

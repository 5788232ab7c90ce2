"""What the user configures, by dlt's conventions: environment, `.dlt/secrets.toml`, `.dlt/config.toml`.

Every setting of `[sources.servicetitan]` is also an environment variable, `SOURCES__SERVICETITAN__TENANT_ID`. Settings
are cleaned and checked (rules.py) when they are read (reading.py, loading.py); what is wrong is named together with the
place where it was read. Those of one of several tenants: see tenants.py.
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from dlt.common.configuration import configspec
from dlt.common.configuration.specs import BaseConfiguration
from dlt.common.typing import TSecretStrValue

from servicetitan_mirror.clock import UTC
from servicetitan_mirror.config.checks import seconds_of
from servicetitan_mirror.config.chosen import patterns, seconds_between
from servicetitan_mirror.config.lookup import Found
from servicetitan_mirror.config.reading import checked, variable
from servicetitan_mirror.config.rules import API_HOSTS, AUTH_HOSTS, RULES
from servicetitan_mirror.config.zones import earliest_instant, zone_of
from servicetitan_mirror.entities import Entity
from servicetitan_mirror.entities.choosing import chosen
from servicetitan_mirror.errors import ConfigurationError

SHORTEST_KEY = 16  # characters of the key of hashes
FASTEST = 60  # calls a second that ServiceTitan allows an app and tenant; an api_url of one's own may take more


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
    distribution: str | None = None
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
                setattr(self, name, checked(name, Found(value, variable(name))))
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

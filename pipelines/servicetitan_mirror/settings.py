"""What the user configures, by dlt's conventions: environment, `.dlt/secrets.toml`, `.dlt/config.toml`.

Every setting of `[sources.servicetitan]` is also an environment variable, `SOURCES__SERVICETITAN__TENANT_ID`.
"""

from __future__ import annotations

import os
import re

from dlt.common.configuration import configspec, resolve_configuration
from dlt.common.configuration.exceptions import ConfigFieldMissingException, ConfigurationException
from dlt.common.configuration.specs import BaseConfiguration
from dlt.common.typing import TSecretStrValue

from servicetitan_mirror.errors import ConfigurationError

SECTION = ("sources", "servicetitan")
API_HOSTS = {
    "production": "https://api.servicetitan.io",
    "integration": "https://api-integration.servicetitan.io",
}
AUTH_HOSTS = {
    "production": "https://auth.servicetitan.io",
    "integration": "https://auth-integration.servicetitan.io",
}
LARGEST_PAGE = 5000  # ServiceTitan's limit for a list's pageSize
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@configspec
class Settings(BaseConfiguration):
    """`[sources.servicetitan]`. Times are in seconds, `max_deleted_share` is a share from 0 to 1."""

    tenant_id: int = None  # type: ignore[assignment]
    client_id: str = None  # type: ignore[assignment]
    client_secret: TSecretStrValue = None  # type: ignore[assignment]
    app_key: TSecretStrValue = None  # type: ignore[assignment]
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
    run_limit: int = 7200
    lock_timeout: int = 60

    def on_resolved(self) -> None:
        """Reject values that cannot work.

        Raises:
            ConfigurationError: names the setting, its value and what is allowed.
        """
        if self.environment not in API_HOSTS:
            _wrong("environment", self.environment, f"one of {', '.join(API_HOSTS)}")
        if not 1 <= self.page_size <= LARGEST_PAGE:
            _wrong("page_size", self.page_size, f"from 1 to {LARGEST_PAGE}")
        if self.requests_per_second <= 0:
            _wrong("requests_per_second", self.requests_per_second, "more than 0")
        if not 0 <= self.max_deleted_share <= 1:
            _wrong("max_deleted_share", self.max_deleted_share, "from 0 to 1")
        for name in ("overlap", "patience", "timeout", "log_retention_days", "run_limit", "lock_timeout"):
            if getattr(self, name) < 0:
                _wrong(name, getattr(self, name), "0 or more")
        if self.full_every != "never" and not re.fullmatch(r"[1-9][0-9]{0,5}[smhd]", self.full_every):
            _wrong("full_every", self.full_every, "a time like 30m, 24h or 7d, or never")

    @property
    def full_every_seconds(self) -> float | None:
        """The age in seconds at which a list's last full read is due again; None where none is ever due."""
        if self.full_every == "never":
            return None
        return float(self.full_every[:-1]) * UNITS[self.full_every[-1]]

    @property
    def api_host(self) -> str:
        """The API's base address, without a slash at its end."""
        return (self.api_url or API_HOSTS[self.environment]).rstrip("/")

    @property
    def token_url(self) -> str:
        """Where tokens are asked for."""
        return (self.auth_url or AUTH_HOSTS[self.environment]).rstrip("/") + "/connect/token"


def variable(name: str) -> str:
    """The environment variable of a setting: `page_size` → `SOURCES__SERVICETITAN__PAGE_SIZE`."""
    return "__".join((*SECTION, name)).upper()


def load_settings() -> Settings:
    """Resolve the settings.

    Raises:
        ConfigurationError: names every missing setting and both places where it can be put.
    """
    for field in Settings.get_resolvable_fields():
        if os.environ.get(variable(field)) == "":  # what GitHub makes of a secret that is not there
            del os.environ[variable(field)]
    try:
        return resolve_configuration(Settings(), sections=SECTION)
    except ConfigFieldMissingException as missing:
        raise ConfigurationError(_missing(missing.fields)) from None
    except ConfigurationException as wrong:
        field = getattr(wrong, "field_name", "a setting")
        raise ConfigurationError(f"{variable(field)} cannot be read: it must be a number.") from None


def _missing(names: list[str]) -> str:
    rows = "\n".join(f"  {name:<14} {variable(name)}" for name in names)
    return (
        "Not configured yet. These settings are missing; put each into .dlt/secrets.toml under "
        f"[{'.'.join(SECTION)}] (copy .dlt/secrets.toml.example) or into the environment:\n\n"
        f"  {'secrets.toml':<14} environment variable\n{rows}\n\n"
        "To see the mirror at work without an account: make demo"
    )


def _wrong(name: str, value: object, allowed: str) -> None:
    raise ConfigurationError(f"{variable(name)} (or {name} in .dlt/config.toml) is {value!r}; it must be {allowed}.")

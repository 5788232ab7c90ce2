"""The settings of a tenant, read and checked: all, or one that is wanted while others may be wrong."""

from __future__ import annotations

from dlt.common.configuration import resolve_configuration

from servicetitan_mirror.config import lookup, tenants
from servicetitan_mirror.config.checks import cleaned
from servicetitan_mirror.config.chosen import patterns
from servicetitan_mirror.config.lookup import OUR_SECTION as SECTION
from servicetitan_mirror.config.reading import checked, given, read_setting, reject_unknown
from servicetitan_mirror.config.rules import NEEDED, OF_ALL, RULES
from servicetitan_mirror.config.settings import Settings
from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.places import CHECKOUT


def load_settings(tenant: str | None = None) -> Settings:
    """Read and check the settings: of the tenant of this name, else of the one in use, else of the only one.

    Raises:
        ConfigurationError: names what is missing, wrong or unknown, and where; or it is not said which of several.
    """
    tenant = tenants.resolved(tenant)
    for section in tenants.sections(tenant):
        reject_unknown(section, {**RULES, **OF_ALL} if section == SECTION else RULES)
    found = {name: given(name, tenant) for name in RULES}
    if missing := [name for name in NEEDED if found[name] is None]:
        raise ConfigurationError(_missing(missing, tenant))
    values = {name: checked(name, setting) for name, setting in found.items() if setting}
    _check_is_its_own(tenant, values["tenant_id"])
    defaults = {name: getattr(Settings, name) for name in RULES}  # dlt would also take a bare TIMEOUT for them
    return resolve_configuration(Settings(), sections=SECTION, explicit_value={**defaults, **values, "tenant": tenant})


def load_tenant_id(tenant: str | None = None) -> int | None:
    """The tenant's id, for what needs no more of ServiceTitan; None where none is set. `tenant` as in load_settings."""
    found = given("tenant_id", tenants.resolved(tenant))
    return checked("tenant_id", found) if found else None


def load_asked(tenant: str | None = None) -> tuple[str, ...]:
    """The names and patterns of the lists that are chosen, for what needs no more. `tenant` as in load_settings.

    Raises:
        ConfigurationError: a name means nothing.
    """
    found = given("entities", tenant) or given("only", tenant)
    return patterns(checked("entities", found) if found else "") or ("standard",)


def load_webhooks(tenant: str | None) -> list[str]:
    """Where a tenant's alerts go, for what has to be said while other settings are wrong; none if nobody can tell."""
    try:
        found = given("alert_urls", tenant)
        return str(checked("alert_urls", found)).split() if found else []
    except ConfigurationError:
        return []


def origins(tenant: str | None = None) -> dict[str, str]:
    """Where each setting that was given was read, by its name. `tenant` as in load_settings."""
    tenant = tenants.resolved(tenant)
    found = {name: given(name, tenant) for name in RULES}
    return {name: setting.place for name, setting in found.items() if setting}


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


def _check_is_its_own(tenant: str | None, tenant_id: int) -> None:
    """Two names for one tenant would be two syncs of the same rows."""
    for other in tenants.names():
        found = given("tenant_id", other)
        if other != tenant and found and cleaned(str(found.value)) == str(tenant_id):
            raise ConfigurationError(
                f"The tenants {tenant} and {other} have the same tenant_id: which of them is meant?"
            )


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

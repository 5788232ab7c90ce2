"""The tenants of the settings, as they stand now: their partitions, what each has chosen, when it is night for each."""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone, tzinfo
from typing import cast

from pendulum import Time

from servicetitan_mirror.config import lookup, tenants
from servicetitan_mirror.config.loading import load_settings, load_tenant_id
from servicetitan_mirror.config.reading import read_setting
from servicetitan_mirror.config.settings import Settings
from servicetitan_mirror.entities import ENTITIES, STANDARD, Entity
from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.schedule import Nightly, machines_zone
from servicetitan_mirror.worker import RULES, SECTION


def partitions() -> list[str]:
    """The tenants' names; of the only one without a name, its id; none where nothing is configured yet.

    The files are read again, so that a tenant who was added is found.

    Raises:
        ConfigurationError: it is not clear which tenants there are.
    """
    lookup.use()
    if names := tenants.names():
        return names
    alone = load_tenant_id()
    return [str(alone)] if alone else []


def settings_of(partition: str) -> Settings:
    """The settings of a partition's tenant.

    Raises:
        ConfigurationError: they are wrong.
    """
    return load_settings(partition if partition in tenants.names() else None)


def chosen_by_any() -> list[Entity]:
    """The lists that any tenant has chosen, in their order, the standard ones first; a tenant whose settings are wrong
    has no say."""
    chosen = set[str]()
    for partition in partitions():
        settings = _settings_or_none(partition)
        chosen.update(entity.name for entity in settings.chosen if settings) if settings else None
    names = chosen or {entity.name for entity in STANDARD}
    return [entity for entity in ENTITIES if entity.name in names]


def is_night(partition: str, now: datetime, span: timedelta) -> bool:
    """Whether the tenant's nightly sync became due in the span of time that ends now."""
    settings = _settings_or_none(partition)
    zone: tzinfo = settings.zone if settings and settings.timezone else machines_zone()
    at = cast(time, read_setting(SECTION, "full_at", RULES["full_at"], Time(2)))
    begin = now.astimezone(timezone.utc) - span
    return Nightly(at, zone).get_next_fire_time(begin, now) <= now


def _settings_or_none(partition: str) -> Settings | None:
    try:
        return settings_of(partition)
    except ConfigurationError:
        return None

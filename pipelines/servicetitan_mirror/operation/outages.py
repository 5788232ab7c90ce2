"""What the worker says when syncs cannot even begin, and when they can again.

No database can keep then what was said, so the worker itself remembers it: once it was started anew, it says it anew.
"""

from __future__ import annotations

import threading
from contextlib import closing

from servicetitan_mirror.config.loading import load_settings, load_webhooks
from servicetitan_mirror.config.settings import Settings
from servicetitan_mirror.errors import MirrorError
from servicetitan_mirror.operation import webhooks
from servicetitan_mirror.places import ROOT
from servicetitan_mirror.postgres.warehouse import open_warehouse


class Outages:
    """Which tenants' webhooks know that no sync can begin."""

    def __init__(self) -> None:
        self._told: dict[str | None, list[str]] = {}
        self._lock = threading.Lock()

    def ended(self, tenant: str | None, failed: bool) -> list[str]:
        """A sync of a tenant has ended; returns what did not work, as sentences."""
        addresses = load_webhooks(tenant)
        if not addresses:
            return []
        obstacle = _obstacle(tenant) if failed else None
        with self._lock:
            knowing = self._told.get(tenant, [])
        text = f"no sync can begin. {obstacle}" if obstacle else "No longer: no sync could begin."
        to = [address for address in addresses if (address in knowing) is (obstacle is None)]
        calls = [lambda to=to: webhooks.post(_settings(tenant), to, _message(tenant, text)) for to in to]
        problems = dict(zip(to, webhooks.at_once(calls), strict=True))
        heard = {address for address, problem in problems.items() if problem is None}
        with self._lock:
            self._told[tenant] = [*({*knowing} | heard if obstacle else {*knowing} - heard)]
        return [f"alert_urls, number {addresses.index(one) + 1}: {why}." for one, why in problems.items() if why]


def _message(tenant: str | None, text: str) -> str:
    return f"ServiceTitan mirror{f', tenant {tenant}' if tenant else ''}: {text}"


def _obstacle(tenant: str | None) -> str | None:
    """What keeps a sync from beginning: a wrong setting, or a database that cannot be reached."""
    try:
        load_settings(tenant)
        with closing(open_warehouse(ROOT).connect()):
            return None
    except MirrorError as problem:
        return str(problem)


def _settings(tenant: str | None) -> Settings:
    """Those of the tenant, or the defaults while they are wrong: a webhook may need a proxy."""
    try:
        return load_settings(tenant)
    except MirrorError:
        return Settings()

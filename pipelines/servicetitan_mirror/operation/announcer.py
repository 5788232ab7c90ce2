"""What a sync says of itself and of the mirror to those who do not look: to the ping address, and to the webhooks.

When it begins, it says what is wrong by then, a run that was cut off for instance, and when it has ended, what is wrong
or not any more. Nothing of this makes a sync fail, and it holds one up for seconds at most.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing

import psycopg2
from psycopg2.extensions import connection as Connection

from servicetitan_mirror.config.settings import Settings
from servicetitan_mirror.errors import MirrorError
from servicetitan_mirror.operation import alerts, webhooks
from servicetitan_mirror.operation.health import judged, noticed
from servicetitan_mirror.operation.states import looking
from servicetitan_mirror.postgres import layout
from servicetitan_mirror.postgres.refusals import explain
from servicetitan_mirror.postgres.warehouse import LOCK_SPACE, Warehouse, query

LONGEST_LOOK = 10  # seconds of a statement


class Announcer:
    """Speaks for one sync; `say` is told what did not work. Without a warehouse, there are only pings."""

    def __init__(self, settings: Settings, say: Callable[[str], object], warehouse: Warehouse | None = None) -> None:
        self.warehouse = warehouse
        self._settings = settings
        self._say = say
        self._beginning: threading.Thread | None = None

    def began(self) -> None:
        """The sync has begun; it need not wait until that is said."""
        if self._settings.ping_url or self._settings.webhooks:
            self._beginning = threading.Thread(target=self._tell, args=["start", False], daemon=True)
            self._beginning.start()

    def ended(self, well: bool) -> None:
        """The sync has ended by itself."""
        if self._beginning:
            self._beginning.join(webhooks.LATEST)
        self._tell("" if well else "fail", True)

    def _tell(self, event: str, may_end: bool) -> None:
        pinging = threading.Thread(target=self._ping, args=[event], daemon=True)
        pinging.start()
        if self._settings.webhooks and self.warehouse:
            self._alert(self.warehouse, may_end)
        pinging.join(webhooks.LATEST)

    def _ping(self, event: str) -> None:
        address = self._settings.ping_url
        if address and (problem := webhooks.ping(self._settings, address, event)):
            self._say(f"ping_url: {problem}.")

    def _alert(self, warehouse: Warehouse, may_end: bool) -> None:
        try:
            with closing(warehouse.connect("servicetitan alerts")) as connection:
                layout.check(connection)
                query(connection, f"set statement_timeout = '{LONGEST_LOOK}s'")
                if self._note(connection, may_end):
                    self._say_what_is_due(connection)
        except psycopg2.Error as error:
            self._say(f"alert_urls: nothing was said. {explain(error, 'judge what is to be said')}")
        except MirrorError as error:
            self._say(f"alert_urls: nothing was said. {error}")
        except Exception as error:  # unforeseen, and no reason to call a sync failed that is done
            self._say(f"alert_urls: nothing was said ({type(error).__name__}).")

    def _note(self, connection: Connection, may_end: bool) -> bool:
        """Look at the mirror and keep what is found; False if another sync of the tenant is just doing that."""
        tenant = self._settings.tenant_id
        if query(connection, _LOCK, (LOCK_SPACE, f"alerts {tenant}")) != [(True,)]:
            return False
        with looking(connection, [tenant]) as look:
            if tenant not in look.running:  # no sync ever came as far as its log
                return False
            found = [*judged(look, tenant, look.tables(tenant), self._settings.oldest), *noticed(look, tenant)]
            may_end = may_end and not look.running[tenant]  # a sync at work hides what is wrong for the moment
        alerts.note(connection, tenant, found, may_end)
        alerts.prune(connection, tenant, self._settings.log_retention_days)
        return True

    def _say_what_is_due(self, connection: Connection) -> None:
        """Tell each webhook what it does not know yet."""
        tenant, addresses = self._settings.tenant_id, self._settings.webhooks
        due = {address: alerts.due(connection, tenant, address) for address in addresses}
        due = {address: some for address, some in due.items() if some}
        name = f"{self._settings.tenant} ({tenant})" if self._settings.tenant else str(tenant)
        texts = {address: alerts.message(name, some) for address, some in due.items()}
        calls = [lambda to=to, text=text: webhooks.post(self._settings, to, text) for to, text in texts.items()]
        problems = dict(zip(due, webhooks.at_once(calls), strict=True))
        for address, some in due.items():
            if problems[address] is None:
                alerts.told(connection, address, some)
            else:
                place = addresses.index(address) + 1
                self._say(f"alert_urls, number {place}: {problems[address]}. The next sync tries again.")


_LOCK = "select pg_try_advisory_lock(%s, hashtext(%s))"

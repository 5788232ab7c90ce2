"""One sync: lock → what is to be read → the flow of the data → the tables that are left → log."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import psycopg2
from psycopg2.extensions import connection as Connection

from servicetitan_mirror.api.client import Client
from servicetitan_mirror.config.reading import variable
from servicetitan_mirror.config.settings import Settings
from servicetitan_mirror.entities.choosing import chosen
from servicetitan_mirror.errors import ConfigurationError, MirrorError, RefusedError, Stopped
from servicetitan_mirror.flow import Flow
from servicetitan_mirror.options import Options
from servicetitan_mirror.postgres.analysts import grant_to_analysts
from servicetitan_mirror.postgres.warehouse import RAW, Warehouse, locked, query
from servicetitan_mirror.raw import history, preflight, tenants
from servicetitan_mirror.raw.batches import Batches
from servicetitan_mirror.raw.distribution import Distribution
from servicetitan_mirror.raw.erasing import erase_found
from servicetitan_mirror.raw.loader import Loader
from servicetitan_mirror.raw.loading import Loading
from servicetitan_mirror.raw.log import Run, SyncLog, logged
from servicetitan_mirror.raw.outcomes import Outcome
from servicetitan_mirror.raw.planning import plan_streams
from servicetitan_mirror.raw.protecting import protect
from servicetitan_mirror.raw.rejections import prune_healed
from servicetitan_mirror.raw.schema import prepare, prepare_staging
from servicetitan_mirror.raw.settling import Settling
from servicetitan_mirror.raw.streams import Stream
from servicetitan_mirror.reading.backlog import Backlog
from servicetitan_mirror.reading.reading import Reading
from servicetitan_mirror.reading.task import Task
from servicetitan_mirror.tables import optional
from servicetitan_mirror.tables.builder import Builder
from servicetitan_mirror.tables.builds import Transformer
from servicetitan_mirror.tables.finishing import Finishing, build_downstream
from servicetitan_mirror.tables.project import MARTS, mart_names, model_names
from servicetitan_mirror.tables.underway import Underway
from servicetitan_mirror.watcher import Watcher

Plan = Callable[[Connection, Settings, Options, datetime, Callable[[Task], Reading]], list[Stream]]
BATCH = 20_000  # records; a load costs half a second whatever it holds


class Sync:
    """One sync of one tenant into one database; `root` is the folder that holds `dbt_project`.

    `on_begin` is called once the tenant's lock is held and the bookkeeping is up to date.
    What is read is what `plan` says, with a `client` that may have made calls before.
    """

    def __init__(
        self,
        settings: Settings,
        warehouse: Warehouse,
        root: Path,
        options: Options | None = None,
        watcher: Watcher | None = None,
        on_begin: Callable[[], object] = lambda: None,
        client: Client | None = None,
        plan: Plan = plan_streams,
    ) -> None:
        self._settings = settings
        self._warehouse = replace(warehouse, lock_timeout=settings.lock_timeout)
        self._root = root
        self._options = replace(options or Options(), chosen=settings.asked)
        if self._options.since:
            self._options = replace(self._options, since=settings.instant(self._options.since))
        self._watcher = watcher or Watcher()
        self._on_begin = on_begin
        self._client = client or Client(settings)
        self._plan = plan
        self._backlog = Backlog(self._client.stopping)
        self._distribution: Distribution = "none"
        self._landed = chosen(("standard", *settings.asked, *self._options.only))  # those that need a landed table

    def run(self) -> list[Outcome]:
        """Run it.

        Returns:
            The outcome of each stream, in the order in which they settled.

        Raises:
            LockedError: another sync of this tenant is running.
            ConfigurationError: PostgreSQL or ServiceTitan refuses us altogether.
            Stopped: `stop` was called; what has landed stays.
        """
        run = self._begin()
        with locked(self._warehouse, self._settings.tenant_id, self._options.wait) as connection:
            return self.run_within(connection, run)

    def run_within(self, connection: Connection, run: Run | None = None) -> list[Outcome]:
        """Run it on a connection that holds the lock; as `run` else."""
        run, tenant_id = run or self._begin(), self._settings.tenant_id
        with closing(self._warehouse.connect()) as for_log:
            with logged(SyncLog(for_log, run, self._options.entities)) as sync_log, self._limited():
                outcomes = self._run(connection, sync_log)
            with suppress(psycopg2.Error):  # the next sync does it; what this one did is to be shown
                history.prune(connection, tenant_id, self._settings.log_retention_days)
                prune_healed(connection, tenant_id, self._settings.log_retention_days)
        return outcomes

    def _begin(self) -> Run:
        run = Run(self._settings.tenant_id, self._options.triggered_by, self._options.parameters)
        self._watcher.run_began(run.id, self._warehouse.place())
        return run

    def _run(self, connection: Connection, sync_log: SyncLog) -> list[Outcome]:
        tenant_id = self._settings.tenant_id
        self.prepare(connection)
        self._on_begin()
        began = self._client.log_in()
        ((began_in_database,),) = query(connection, "select clock_timestamp()")
        underway = Underway(self._watcher.building)
        lists = optional.in_use(connection, self._root)
        with closing(Transformer(self._warehouse, self._root, underway, lists)) as transformer:
            finishing = Finishing(sync_log, transformer, tenant_id, began_in_database)
            share = self._settings.max_deleted_share
            settling = Settling(connection, sync_log, tenant_id, began, began_in_database, share)
            streams = self._plan(connection, self._settings, self._options, began, self._reading)
            self._watcher.planned([reading for stream in streams for reading in stream.readings])
            batches, loading = Batches(streams, self._backlog, BATCH), self._loading(connection, streams)
            builder = Builder(transformer, self._warehouse, tenant_id, finishing.built)
            flow = Flow(
                connection,
                self._client,
                streams,
                batches,
                loading,
                settling,
                finishing,
                builder,
                sync_log,
                self._watcher,
            )
            if transformer.needs_dbt(connection):
                builder.build()  # dbt makes the tables while the first pages are read
            outcomes = flow.run()
            if erase_found(connection, tenant_id, self._client.protection):
                loading.wipe()
            _check_refused(streams)
            if self._client.stopping.is_set():
                raise Stopped
            self._watcher.all_read()
            finishing.all_built(connection, transformer.build(connection, tenant_id))
            grant_to_analysts(connection, model_names(self._root, lists))
            grant_to_analysts(connection, mart_names(self._root), MARTS)
            grant_to_analysts(connection, (), RAW)  # to look up the functions that views call; no table of it
            return [*outcomes, *build_downstream(connection, transformer, sync_log)]

    def prepare(self, connection: Connection) -> None:
        """Find what stops the whole sync, and bring the raw schema up to date."""
        tenant_id = self._settings.tenant_id
        models = model_names(self._root, optional.of(self._landed, self._root))
        free = preflight.check(connection, tenant_id, models)
        self._warehouse = replace(self._warehouse, at_once=preflight.at_once(free))
        timeout, wanted = self._settings.lock_timeout, self._settings.distribution
        self._distribution = prepare(connection, timeout, self._landed, wanted)
        tenants.note(connection, tenant_id, self._settings.tenant, self._settings.timezone)
        history.abandon(connection, tenant_id)
        prepare_staging(connection, tenant_id, self._landed)
        protect(connection, tenant_id, self._client.protection)

    def _reading(self, task: Task) -> Reading:
        return Reading(task, self._client, self._backlog, self._watcher.page)

    def _loading(self, connection: Connection, streams: Sequence[Stream]) -> Loading:
        tenant_id = self._settings.tenant_id
        folder = self._warehouse.folder(self._root) / str(tenant_id)
        return Loading(
            connection,
            self._warehouse,
            tenant_id,
            Loader(self._warehouse, tenant_id, folder, streams, self._landed, self._distribution),
            BATCH,
        )

    def stop(self) -> None:
        """Ask the sync to end as soon as it can."""
        self._client.stopping.set()

    @contextmanager
    def _limited(self) -> Iterator[None]:
        """Stop when the time of a whole sync is over."""
        limit, over = self._settings.run_limit, threading.Event()

        def stop() -> None:
            over.set()
            self.stop()

        timer = threading.Timer(limit, stop)
        timer.daemon = True
        if limit:
            timer.start()
        try:
            yield
        except Stopped:
            if over.is_set():
                raise MirrorError(_OVER.format(limit=limit)) from None
            raise
        finally:
            timer.cancel()


def _check_refused(streams: Sequence[Stream]) -> None:
    """Where every list was refused alike, a setting is wrong."""
    errors = [reading.error for stream in streams for reading in stream.readings]
    if all(isinstance(error, RefusedError) for error in errors):
        raise ConfigurationError(str(errors[0]))


_OVER = (
    "The sync was ended after {limit} s, the limit of a run: what has landed stays, the next sync goes on from there. "
    f"If it needs longer than that, raise {variable('run_limit')}."
)

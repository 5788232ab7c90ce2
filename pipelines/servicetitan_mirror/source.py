"""The dlt source: one resource per entity, its landed pages merged into `raw_servicetitan`.

rest_api is not used: it parses every answer into Python objects, which costs three times as much and rounds
numbers through floats, and its paginator has neither our guards nor pages read ahead. Each resource is the
same generic one over readings; the cursors are our own (see cursors.py), so dlt keeps no state, its working
folder is disposable, and a package that a crash left behind is dropped: what it held is read again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import dlt
import pyarrow as pa
from dlt.common.configuration import configspec
from dlt.common.schema import Schema
from dlt.common.schema.typing import TColumnSchema, TWriteDispositionConfig
from dlt.destinations import postgres
from dlt.destinations.impl.postgres.configuration import PostgresCredentials
from dlt.extract import DltResource, DltSource

from servicetitan_mirror.entities import ENTITIES, Entity
from servicetitan_mirror.landing import arrow_schema
from servicetitan_mirror.reading import Reading
from servicetitan_mirror.warehouse import RAW, Warehouse

MERGE: TWriteDispositionConfig = {"disposition": "merge", "strategy": "upsert", "skip_unchanged_rows": True}
DATA_TYPES = {"deleted_at": "timestamp", "modified_on": "timestamp", "record": "json", "entity_type": "text"}


@configspec(init=False)
class LibpqCredentials(PostgresCredentials):
    """dlt's credentials as a libpq connection string: a socket folder as host and no password work too."""

    username: str | None = None  # type: ignore[assignment]
    password: str | None = None  # type: ignore[assignment]
    host: str | None = None  # type: ignore[assignment]
    dsn: str | None = None

    def to_native_representation(self) -> str:
        """What psycopg2 connects with."""
        return self.dsn or ""


@dataclass
class Module:
    """An entity in this sync, and the readings of its lists."""

    entity: Entity
    readings: list[Reading] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        """Whether everything is read; an undated list, which always is, does not make a module full."""
        return all(reading.task.is_full for reading in self.readings)

    @property
    def started(self) -> float:
        """When the first of its readings began, by the monotonic clock."""
        return min(reading.started for reading in self.readings)

    @property
    def sync_type(self) -> str:
        """As the log calls it."""
        return "full" if self.is_full else "incremental"

    def expected(self) -> int:
        """How many records its lists announce; waits for their first pages."""
        return sum(reading.expected() for reading in self.readings)

    def tables(self) -> Iterator[pa.Table]:
        """The landed pages of all its lists, each when it has arrived."""
        for reading in self.readings:
            yield from reading.tables()


class Loader:
    """Loads modules, one dlt package a call."""

    def __init__(self, warehouse: Warehouse, tenant_id: int, folder: Path) -> None:
        credentials = LibpqCredentials()
        credentials.dsn = warehouse.dsn
        credentials.host = warehouse.parameters.get("host", "localhost")
        credentials.database = warehouse.parameters["dbname"]
        credentials.resolve()
        self._pipeline = dlt.pipeline(
            "servicetitan",
            pipelines_dir=str(folder),
            # tenants may sync at once: each stages in tables of its own
            destination=postgres(credentials=credentials, staging_dataset_name_layout=f"%s_staging_{tenant_id}"),
            dataset_name=RAW,
        )
        self._pipeline.drop()
        self._pipeline.config.restore_from_destination = False

    def load(self, modules: Sequence[Module], announce: Callable[[str], None]) -> str | None:
        """Merge what the modules' readings bring.

        `announce` is told the load id before a row of it lands, so that a crash in between is repaired.

        Returns:
            The load id, or None when there was nothing to load.
        """
        source = DltSource(landing_schema(), "servicetitan", [_resource(module) for module in modules])
        load_ids = self._pipeline.extract(source).loads_ids
        if not self._pipeline.has_pending_data:
            return None
        announce(load_ids[-1])
        try:
            self._pipeline.normalize()
            self._pipeline.load()
        except BaseException:
            with suppress(OSError):
                self._pipeline.drop()  # what it holds is read again
            raise
        return load_ids[-1]


def landing_schema() -> Schema:
    """All landed tables, whichever of them a load fills: one schema version, however the loads differ."""
    schema = Schema("servicetitan")
    for entity in ENTITIES:
        schema.update_table(_resource(Module(entity)).compute_table_schema())
    return schema


def _resource(module: Module) -> DltResource:
    entity = module.entity
    resource: DltResource = dlt.resource(
        module.tables(),
        name=entity.name,
        write_disposition=MERGE,
        primary_key=list(entity.key),
        columns={column: _column(entity, column) for column in arrow_schema(entity).names},
        file_format="csv",  # COPY; the parquet format would land json instead of jsonb
    )
    return resource


def _column(entity: Entity, name: str) -> TColumnSchema:
    nullable = arrow_schema(entity).field(name).nullable
    return {"name": name, "data_type": DATA_TYPES.get(name, "bigint"), "nullable": nullable}  # type: ignore[typeddict-item]

"""The dlt source: one resource per entity, its landed pages merged into `raw_servicetitan`.

rest_api is not used: it parses every answer into Python objects, which costs three times as much and rounds
numbers through floats, and its paginator has neither our guards nor pages read ahead. Each resource is the
same generic one over readings: it writes their pages into csv files, which dlt imports as they are and copies.
The cursors are our own (see cursors.py), so dlt keeps no state, its working folder is disposable, and a
package that a crash left behind is dropped: what it held is read again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path

import dlt
import pyarrow as pa
from dlt.common.schema import Schema
from dlt.common.schema.typing import TColumnSchema, TWriteDispositionConfig
from dlt.destinations import postgres
from dlt.extract import DltResource, DltSource
from dlt.extract.items import DataItemWithMeta
from pyarrow.csv import CSVWriter, WriteOptions

from servicetitan_mirror.destination import LibpqCredentials
from servicetitan_mirror.entities import ENTITIES, Entity
from servicetitan_mirror.landing import arrow_schema
from servicetitan_mirror.reading import Reading
from servicetitan_mirror.warehouse import RAW, Warehouse

MERGE: TWriteDispositionConfig = {"disposition": "merge", "strategy": "upsert", "skip_unchanged_rows": True}
DATA_TYPES = {"deleted_at": "timestamp", "modified_on": "timestamp", "record": "json"}
LOAD_ID = pa.field("_dlt_load_id", pa.string(), nullable=False)
FILE_SIZE = 16 * 2**20  # bytes of landed pages; the files of a table are copied several at once


@dataclass
class Module:
    """An entity in this sync, and the readings of its lists.

    `is_new` when nothing of it had landed before, `loads` the ids of those that brought it, `finished` when the
    last of its pages was loaded.
    """

    entity: Entity
    readings: list[Reading] = field(default_factory=list)
    is_new: bool = False
    loads: list[str] = field(default_factory=list)
    finished: bool = False

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

    def left(self) -> int:
        """How many records its lists announce that are not loaded yet; waits for their first pages."""
        return sum(max(reading.expected() - reading.taken, 0) for reading in self.readings)

    def tables(self, limit: float = math.inf) -> Iterator[pa.Table]:
        """The landed pages of all its lists, each when it has arrived, until they hold `limit` rows."""
        rows = 0
        for table in chain.from_iterable(reading.tables() for reading in self.readings):
            yield table
            rows += table.num_rows
            if rows >= limit:
                return
        self.finished = True


class Loader:
    """Loads modules of a sync, one dlt package a call. `modules` are all of them, whichever a load holds."""

    def __init__(self, warehouse: Warehouse, tenant_id: int, folder: Path, modules: Iterable[Module]) -> None:
        credentials = LibpqCredentials.of(warehouse.dsn)
        self._folder = folder
        self._schema = landing_schema(modules)
        self._pipeline = dlt.pipeline(
            "servicetitan",
            pipelines_dir=str(folder),
            # tenants may sync at once: each stages in tables of its own
            destination=postgres(credentials=credentials, staging_dataset_name_layout=f"%s_staging_{tenant_id}"),
            dataset_name=RAW,
        )
        self._pipeline.drop()
        self._pipeline.config.restore_from_destination = False

    def load(self, modules: Sequence[Module], limit: int, announce: Callable[[str], None]) -> str | None:
        """Merge what the modules' readings bring, of each module `limit` rows or a page more.

        `announce` is told the load id before a row of it lands, so that a crash in between is repaired.

        Returns:
            The load id, or None when there was nothing to load.
        """
        resources = [_resource(module, self._folder, limit) for module in modules]
        load_ids = self._pipeline.extract(DltSource(self._schema, "servicetitan", resources)).loads_ids
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


def landing_schema(modules: Iterable[Module]) -> Schema:
    """All landed tables, whichever of them a load fills: one schema version, however the loads differ."""
    schema = Schema("servicetitan")
    known = {module.entity.name: module for module in modules}
    for entity in ENTITIES:
        schema.update_table(_resource(known.get(entity.name, Module(entity)), Path(), 0).compute_table_schema())
    return schema


def _resource(module: Module, folder: Path, limit: int) -> DltResource:
    entity = module.entity
    resource: DltResource = dlt.resource(
        _files(module, folder, limit),
        name=entity.name,
        # what is read for the first time has nothing to be merged with
        write_disposition="append" if module.is_new else MERGE,
        primary_key=list(entity.key),
        columns={column.name: _column(column) for column in [*arrow_schema(entity), LOAD_ID]},
        file_format="csv",
    )
    return resource


def _files(module: Module, folder: Path, limit: int) -> Iterator[DataItemWithMeta]:
    """The landed pages as csv files. dlt links each into its package before it asks for the next one."""
    load_id = dlt.current.load_package_state()["load_id"]
    tables = module.tables(limit)
    for number, first in zip(count(1), tables):
        path = folder / f"{module.entity.name}.{number}.csv"
        rows = _write(path, chain([first], tables), load_id)
        yield dlt.mark.with_file_import(str(path), "csv", rows)
        path.unlink()


def _write(path: Path, tables: Iterable[pa.Table], load_id: str) -> int:
    """Write tables into a csv file until it is large enough; returns how many rows it holds."""
    rows = size = 0
    writer: CSVWriter | None = None
    for table in tables:
        whole = table.append_column(LOAD_ID, pa.repeat(load_id, table.num_rows))
        writer = writer or CSVWriter(path, whole.schema, write_options=WriteOptions(quoting_style="needed"))
        writer.write_table(whole)
        rows, size = rows + table.num_rows, size + table.nbytes
        if size >= FILE_SIZE:
            break
    if writer:
        writer.close()
    return rows


def _column(column: pa.Field) -> TColumnSchema:
    data_type = "text" if column.type == pa.string() else "bigint"
    return {
        "name": column.name,
        "data_type": DATA_TYPES.get(column.name, data_type),  # type: ignore[typeddict-item]
        "nullable": column.nullable,
    }

"""The dlt source: one resource per entity, its landed pages merged into `raw_servicetitan`.

rest_api is not used: it makes Python objects of every answer, which costs three times as much, and its paginators have
no place for our proof that nothing was missed nor for pages read ahead (DECISIONS.md). Each resource is the same
generic one over readings: it writes their pages into csv files, which dlt imports as they are and copies.
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
import pyarrow.compute as pc
from dlt.common.exceptions import DltException
from dlt.common.schema import Schema
from dlt.common.schema.typing import TColumnSchema, TWriteDispositionConfig
from dlt.destinations import postgres
from dlt.extract import DltResource, DltSource
from dlt.extract.items import DataItemWithMeta
from pyarrow.csv import CSVWriter, WriteOptions

from servicetitan_mirror.entities import ENTITIES, Entity
from servicetitan_mirror.postgres.destination import LibpqCredentials
from servicetitan_mirror.postgres.warehouse import RAW, Warehouse
from servicetitan_mirror.reading.reading import Reading
from servicetitan_mirror.reading.records import arrow_schema

MERGE: TWriteDispositionConfig = {"disposition": "merge", "strategy": "upsert", "skip_unchanged_rows": True}
DATA_TYPES = {"deleted_at": "timestamp", "modified_on": "timestamp", "record": "json"}
LOAD_ID = pa.field("_dlt_load_id", pa.string(), nullable=False)
FILE_SIZE = 16 * 2**20  # bytes of landed pages; the files of a table are copied several at once


class RefusedLoad(Exception):
    """PostgreSQL did not take a load, whose id this is."""


@dataclass
class Module:
    """An entity in this sync, and the readings of its lists.

    `is_new` when nothing of it had landed before, `suspects` are records by owner and id that PostgreSQL did not take
    before, `aside` pages of them, `loads` the ids of the loads that brought it, `finished` when the last of its pages
    was loaded, or `problem` keeps it from being loaded.
    """

    entity: Entity
    readings: list[Reading] = field(default_factory=list)
    is_new: bool = False
    suspects: frozenset[tuple[str, int]] = frozenset()
    aside: list[pa.Table] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    finished: bool = False
    problem: str | None = None

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

    @property
    def waiting(self) -> int:
        """How many of its rows wait to be loaded."""
        return sum(reading.waiting for reading in self.readings)

    @property
    def has_ended(self) -> bool:
        """Whether all its lists have come to their end."""
        return all(reading.has_ended for reading in self.readings)

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits and nothing more will come."""
        return all(reading.is_taken for reading in self.readings)

    def tables(self, limit: float = math.inf) -> Iterator[pa.Table]:
        """The landed pages that have come of all its lists, until they hold `limit` rows; suspects are put aside."""
        rows = 0
        for reading in self.readings:
            for table in reading.tables():
                good = self._without_suspects(table, reading.task.endpoint.owner or "")
                if good.num_rows:
                    yield good
                rows += table.num_rows
                if rows >= limit:
                    return
        self.finished = self.is_empty

    def fail(self, problem: str) -> None:
        """Nothing more of it is loaded, so nothing more is read."""
        self.problem, self.finished = problem, True
        for reading in self.readings:
            reading.give_up()

    def _without_suspects(self, table: pa.Table, owner: str) -> pa.Table:
        ids = [id for of, id in self.suspects if of == owner]
        if not ids:
            return table
        suspect = pc.is_in(table["id"], pa.array(ids, pa.int64()))
        self.aside += [table.filter(suspect)]
        return table.filter(pc.invert(suspect))


class Loader:
    """Loads modules of a sync, one dlt package a call. `modules` are all of them, whichever a load holds."""

    def __init__(self, warehouse: Warehouse, tenant_id: int, folder: Path, modules: Iterable[Module]) -> None:
        credentials = LibpqCredentials.of(warehouse.session("servicetitan load"))
        self._workers = warehouse.at_once  # files copied at once
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
        self._wipe()

    def load(self, modules: Sequence[Module], limit: int, announce: Callable[[str], None]) -> str | None:
        """Merge what has come of the modules' readings, of each module `limit` rows or a page more.

        `announce` is told the load id before a row of it lands, so that a crash in between is repaired.

        Returns:
            The load id, or None when there was nothing to load.

        Raises:
            RefusedLoad: PostgreSQL did not take it; its files are there until the next load.
            DltException: it did not come so far.
        """
        self._wipe()
        for module in modules:
            module.finished = module.is_empty
        if all(module.finished for module in modules):
            return None  # an extraction of nothing takes its time too
        resources = [_resource(module, self._folder, limit) for module in modules]
        load_ids = self._pipeline.extract(DltSource(self._schema, "servicetitan", resources)).loads_ids
        if not self._pipeline.has_pending_data:
            return None
        announce(load_ids[-1])
        try:
            self._pipeline.normalize()
            self._pipeline.load(workers=self._workers)
        except DltException as error:
            self._drop()
            raise RefusedLoad(load_ids[-1]) from error
        except BaseException:
            self._drop()
            raise
        return load_ids[-1]

    def files(self, entity: Entity) -> list[Path]:
        """The csv files of the latest load."""
        return sorted(self._folder.glob(f"{entity.name}.*.csv"))

    def put_aside(self, module: Module, load_id: str) -> Path:
        """A csv file with the pages that the module has put aside."""
        path = self._folder / f"{module.entity.name}.aside.csv"
        aside, module.aside = module.aside, []
        _write(path, aside, load_id, math.inf)
        return path

    def _drop(self) -> None:
        with suppress(OSError):
            self._pipeline.drop()  # what it holds is read again

    def _wipe(self) -> None:
        for path in self._folder.glob("*.csv"):
            path.unlink()


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
    """The landed pages as csv files, which dlt links into its package; ours stay, for what PostgreSQL refuses."""
    load_id = dlt.current.load_package_state()["load_id"]
    tables = module.tables(limit)
    for number, first in zip(count(1), tables):
        path = folder / f"{module.entity.name}.{number}.csv"
        rows = _write(path, chain([first], tables), load_id)
        yield dlt.mark.with_file_import(str(path), "csv", rows)


def _write(path: Path, tables: Iterable[pa.Table], load_id: str, enough: float = FILE_SIZE) -> int:
    """Write tables into a csv file until it is large enough; returns how many rows it holds."""
    rows = size = 0
    writer: CSVWriter | None = None
    for table in tables:
        whole = table.append_column(LOAD_ID, pa.repeat(load_id, table.num_rows))
        writer = writer or CSVWriter(path, whole.schema, write_options=WriteOptions(quoting_style="needed"))
        writer.write_table(whole)
        rows, size = rows + table.num_rows, size + table.nbytes
        if size >= enough:
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

"""Loads of dlt: what has come of a sync's streams, merged into `raw_servicetitan`.

The resources are those of the source (resources/declaration.py), over pages that the sync reads meanwhile. Each
writes its pages into csv files, which dlt imports as they are and copies. The cursors are in the database (cursors.py),
so dlt keeps no state here, its working folder is disposable, and a package that a crash left behind is dropped: what it
held is read again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, count
from pathlib import Path

import dlt
import pyarrow as pa
from dlt.common.exceptions import DltException
from dlt.common.schema import Schema
from dlt.common.schema.typing import TWriteDispositionConfig
from dlt.destinations import postgres
from dlt.extract import DltResource, DltSource
from dlt.extract.items import DataItemWithMeta
from pyarrow.csv import CSVWriter, WriteOptions

from servicetitan_mirror.entities import STANDARD, Entity
from servicetitan_mirror.postgres.destination import LibpqCredentials
from servicetitan_mirror.postgres.warehouse import RAW, Warehouse
from servicetitan_mirror.raw.distribution import Distribution
from servicetitan_mirror.raw.spread_destination import spread_postgres
from servicetitan_mirror.raw.streams import Stream
from servicetitan_mirror.resources.declaration import SOURCE, declare, with_load_id

MERGE: TWriteDispositionConfig = {"disposition": "merge", "strategy": "upsert", "skip_unchanged_rows": True}
FILE_SIZE = 16 * 2**20  # bytes of landed pages; the files of a table are copied several at once


class RefusedLoad(Exception):
    """PostgreSQL did not take a load, whose id this is."""


class Loader:
    """Loads streams of a sync, one dlt package a call.

    Args:
        streams: all of them, whichever a load holds.
        entities: those that have a landed table, whichever the sync reads.
        distribution: how these tables are spread.
    """

    def __init__(
        self,
        warehouse: Warehouse,
        tenant_id: int,
        folder: Path,
        streams: Sequence[Stream],
        entities: Sequence[Entity] = STANDARD,
        distribution: Distribution = "none",
    ) -> None:
        credentials = LibpqCredentials.of(warehouse.session("servicetitan load"))
        self._workers = warehouse.at_once  # files copied at once
        self._folder = folder
        self._schema = landed_schema(streams, entities)
        self._pipeline = dlt.pipeline(
            SOURCE,
            pipelines_dir=str(folder),
            destination=_destination(tenant_id, distribution, credentials),
            dataset_name=RAW,
        )
        self._pipeline.drop()
        self._pipeline.config.restore_from_destination = False
        self.wipe()

    def load(self, streams: Sequence[Stream], limit: int, announce: Callable[[str], None]) -> str | None:
        """Merge what waits of the streams, of each `limit` rows or a page more.

        `announce` is told the load id before a row of it lands, so that a crash in between is repaired.

        Returns:
            The load id, or None when there was nothing to load.

        Raises:
            RefusedLoad: PostgreSQL did not take it; its files are there until the next load.
            DltException: it did not come so far.
        """
        self.wipe()
        for stream in streams:
            stream.loaded = stream.is_taken
        if all(stream.loaded for stream in streams):
            return None  # an extraction of nothing takes its time too
        resources = [_resource(stream, self._folder, limit) for stream in streams]
        load_ids = self._pipeline.extract(DltSource(self._schema, SOURCE, resources)).loads_ids
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

    def write_held_back(self, stream: Stream, load_id: str) -> Path:
        """A csv file with the pages that the stream has held back, which it then holds no more."""
        path = self._folder / f"{stream.entity.name}.held_back.csv"
        pages, stream.held_back = stream.held_back, []
        _write(path, pages, load_id, math.inf)
        return path

    def _drop(self) -> None:
        with suppress(OSError):
            self._pipeline.drop()  # what it holds is read again

    def wipe(self) -> None:
        """Leave no file of an earlier load."""
        for path in self._folder.glob("*.csv"):
            path.unlink()


def landed_schema(streams: Sequence[Stream], entities: Sequence[Entity] = STANDARD) -> Schema:
    """The landed tables of the entities, whichever a load fills: one schema version, however the loads differ."""
    schema = Schema(SOURCE)
    known = {stream.entity.name: stream for stream in streams}
    for entity in entities:
        schema.update_table(_resource(known.get(entity.name, Stream(entity)), Path(), 0).compute_table_schema())
    return schema


def _destination(tenant_id: int, distribution: Distribution, credentials: LibpqCredentials) -> postgres:
    layout = f"%s_staging_{tenant_id}"  # tenants may sync at once: each stages in tables of its own
    if distribution == "none":
        return postgres(credentials=credentials, staging_dataset_name_layout=layout)
    return spread_postgres(tenant_id, credentials=credentials, staging_dataset_name_layout=layout)


def _resource(stream: Stream, folder: Path, limit: int) -> DltResource:
    return declare(
        stream.entity,
        _files(stream, folder, limit),
        # what is read for the first time has nothing to be merged with
        write_disposition="append" if stream.is_new else MERGE,
        file_format="csv",
    )


def _files(stream: Stream, folder: Path, limit: int) -> Iterator[DataItemWithMeta]:
    """The landed pages as csv files, which dlt links into its package; ours stay, for what PostgreSQL refuses."""
    load_id = dlt.current.load_package_state()["load_id"]
    tables = stream.tables(limit)
    for number, first in zip(count(1), tables):
        path = folder / f"{stream.entity.name}.{number}.csv"
        rows = _write(path, chain([first], tables), load_id)
        yield dlt.mark.with_file_import(str(path), "csv", rows)


def _write(path: Path, tables: Iterable[pa.Table], load_id: str, enough: float = FILE_SIZE) -> int:
    """Write tables into a csv file until it is large enough; returns how many rows it holds."""
    rows = size = 0
    writer: CSVWriter | None = None
    for table in tables:
        whole = with_load_id(table, load_id)
        writer = writer or CSVWriter(path, whole.schema, write_options=WriteOptions(quoting_style="needed"))
        writer.write_table(whole)
        rows, size = rows + table.num_rows, size + table.nbytes
        if size >= enough:
            break
    if writer:
        writer.close()
    return rows

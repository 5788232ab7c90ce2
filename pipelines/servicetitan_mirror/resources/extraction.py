"""The rows of an entity, read while dlt extracts them.

dlt runs the resources in its own threads, the pages of each in their order. They share a client: one token, one rate
limit. A list that fails ends the extraction, as users of dlt expect it: nothing is loaded, no cursor moves, and
the error names the list.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import dlt
import pyarrow as pa
from dlt.common import logger
from dlt.common.storages.exceptions import CurrentLoadPackageStateNotAvailable

from servicetitan_mirror.api.client import Client
from servicetitan_mirror.config.settings import Settings
from servicetitan_mirror.entities import Entity
from servicetitan_mirror.errors import Stopped
from servicetitan_mirror.reading.reader import Reader
from servicetitan_mirror.resources import state
from servicetitan_mirror.resources.declaration import REJECTED, with_load_id
from servicetitan_mirror.resources.unpacked import unpacked


@dataclass(frozen=True)
class Extraction:
    """One extraction of dlt: the id of its load, None where a resource is iterated without a pipeline.

    `began` is when it began, by the earlier of the server's clock and ours.
    """

    load_id: str | None
    client: Client
    began: datetime


class Extractions:
    """What the resources of one source share, extraction by extraction."""

    def __init__(self, settings: Settings, full: bool, unpacked: bool) -> None:
        self._settings = settings
        self._full = full
        self._unpacked = unpacked
        self._lock = threading.Lock()
        self._current: Extraction | None = None

    def rows(self, entity: Entity) -> Callable[[], Iterator[Any]]:
        """What reads the entity's lists, as dlt takes it."""

        def read() -> Iterator[Any]:
            extraction = self._extraction()
            try:
                for task in state.tasks(entity, self._settings, extraction.began, self._full):
                    yield from self._list(Reader(task, extraction.client), extraction)
            except Stopped:
                return  # another list has failed, whose error dlt raises
            except Exception:
                extraction.client.stopping.set()
                raise

        return read

    def _list(self, reader: Reader, extraction: Extraction) -> Iterator[Any]:
        for tables in reader.read():
            for table in tables:
                yield self._shaped(table, extraction.load_id)
        if reader.rejected:
            yield dlt.mark.with_table_name(_rejected(reader), REJECTED)
        for note in reader.notes:
            logger.warning(f"{reader.task.name}: {note}")
        state.advance(reader, extraction.began)

    def _shaped(self, table: pa.Table, load_id: str | None) -> Any:
        if self._unpacked:
            return unpacked(table)
        return with_load_id(table, load_id) if load_id else table

    def _extraction(self) -> Extraction:
        load_id = _load_id()
        with self._lock:
            known = self._current
            if known is None or known.load_id != load_id or known.client.stopping.is_set():
                client = Client(self._settings)
                known = self._current = Extraction(load_id, client, client.log_in())
            return known


def _load_id() -> str | None:
    try:
        return str(dlt.current.load_package_state()["load_id"])
    except CurrentLoadPackageStateNotAvailable:
        return None


def _rejected(reader: Reader) -> list[dict[str, Any]]:
    """Rows for the table of rejected records; a warning says how many and why."""
    name, reasons = reader.task.name, sorted({record.reason for record in reader.rejected})
    logger.warning(f"{name}: {len(reader.rejected)} records cannot land ({', '.join(reasons)}); see {REJECTED}.")
    return [
        {
            "tenant_id": reader.client.tenant_id,
            "entity": reader.task.entity.name,
            "entity_type": reader.task.endpoint.owner or "",
            "fingerprint": record.fingerprint,
            "id": record.id,
            "reason": record.reason,
            "record": record.text,
        }
        for record in reader.rejected
    ]

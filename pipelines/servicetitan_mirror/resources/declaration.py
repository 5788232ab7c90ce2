"""How an entity becomes a resource of dlt: the one place, for the source of its own and for the mirror's loads."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

import dlt
import pyarrow as pa
from dlt.common.schema.typing import TColumnSchema
from dlt.extract import DltResource

from servicetitan_mirror.entities import BY_NAME, Entity
from servicetitan_mirror.reading.records import arrow_schema

SOURCE = "servicetitan"  # the name of the source, its schema and its settings' section
LOAD_ID = pa.field("_dlt_load_id", pa.string(), nullable=False)
DATA_TYPES = {"deleted_at": "timestamp", "modified_on": "timestamp", "record": "json"}
REJECTED = "rejected_records"  # the table of records that cannot land, whatever list they come from
REJECTED_KEY = ["tenant_id", "entity", "entity_type", "fingerprint"]


def declare(entity: Entity, rows: Any, **hints: Any) -> DltResource:
    """The entity's resource over `rows`: the columns of `arrow_schema` and the load's id, merged by the entity's key.

    Args:
        rows: what `dlt.resource` takes: a generator of Arrow tables, or a function that returns one.
        hints: any of `dlt.resource`'s, in place of those that are declared here.
    """
    logging.getLogger("dlt").addFilter(_as_declared)
    declared = {
        "name": entity.name,
        "section": SOURCE,
        "primary_key": list(entity.key),
        "write_disposition": "merge",
        "columns": columns([*arrow_schema(entity), LOAD_ID]),
    }
    resource: DltResource = dlt.resource(rows, **{**declared, **hints})
    return resource


class AsDeclared(logging.Filter):
    """Keeps dlt from warning, page by page, that a record is text in Arrow and json in its table."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the message is another one."""
        said = record.getMessage()
        return not (said.startswith("In resource: ") and said[13:].split(",")[0] in BY_NAME and "arrow schema" in said)


def with_load_id(table: pa.Table, load_id: str) -> pa.Table:
    """The rows, each with the id of the load that brings it."""
    return table.append_column(LOAD_ID, pa.repeat(load_id, table.num_rows))


def with_rejected(resource: DltResource) -> DltResource:
    """The resource, which may also yield rows for the table REJECTED."""
    resource.apply_hints(table_name=REJECTED, columns={}, create_table_variant=True)  # none of the entity's own
    resource.apply_hints(
        table_name=REJECTED,
        primary_key=REJECTED_KEY,
        columns={"tenant_id": {"data_type": "bigint"}, "id": {"data_type": "text"}},
        create_table_variant=True,
    )
    return resource


def columns(fields: Iterable[pa.Field]) -> dict[str, TColumnSchema]:
    """Columns as dlt declares them."""
    return {field.name: _column(field) for field in fields}


def _column(field: pa.Field) -> TColumnSchema:
    data_type = "text" if field.type == pa.string() else "bigint"
    return {
        "name": field.name,
        "data_type": DATA_TYPES.get(field.name, data_type),  # type: ignore[typeddict-item]
        "nullable": field.nullable,
    }


_as_declared = AsDeclared()

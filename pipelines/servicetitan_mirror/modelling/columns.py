"""The columns of a list: each field that is a value or an array, fields of objects under their path."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from servicetitan_mirror.entities import Entity
from servicetitan_mirror.modelling import wording
from servicetitan_mirror.modelling.naming import column_name
from servicetitan_mirror.modelling.people import kind_of_column
from servicetitan_mirror.modelling.references import referred
from servicetitan_mirror.modelling.typing import SECONDS, reading
from servicetitan_specification import Field, listing

IDS, FACTS, FLAGS, TIMES = "ids", "facts", "flags", "times"
GROUPS = {"boolean": FLAGS, "timestamptz": TIMES, "date": TIMES}  # by type
FIRST, LAST = ("active",), ("st_created_on", "st_modified_on")  # of their groups
TAGS = "tagTypeIds"


@dataclass(frozen=True)
class Column:
    """A column of a list's table.

    Attributes:
        name: in the table.
        sql: what is selected.
        type: PostgreSQL's.
        description: what it is.
        refers_to: the entity whose ids it holds.
        personal: what is done with it where personal data is left out; empty where nothing is.
    """

    name: str
    sql: str
    type: str
    description: str
    refers_to: Entity | None = None
    personal: str = ""

    @property
    def group(self) -> str:
        """Where it stands in the model."""
        is_id = self.type in ("bigint", "bigint[]") and re.search(r"_ids?$", self.name)
        return IDS if is_id else GROUPS.get(self.type, FACTS)


def columns(entity: Entity) -> list[Column]:
    """The columns of an entity's table, by the specification, without the key and what the sync adds."""
    fields = listing(entity.endpoints[0].specified).fields
    found: dict[str, Column] = {}
    for path in paths(fields):
        column = _column(entity, path, fields, found)
        found[column.name] = column
    if is_tagged(fields):
        found["tags"] = Column("tags", "{{ tags() }}", "jsonb", wording.doc("tags"))
    return sorted(found.values(), key=_place)


def is_tagged(fields: Mapping[str, Field]) -> bool:
    """Whether the records name tag types, whose names the table then shows."""
    return TAGS in fields and fields[TAGS].type == "array of int64" and "tags" not in fields


def paths(fields: Mapping[str, Field]) -> Iterator[str]:
    """The fields that become columns: what is in an array is in the array's column, and an integer `id` is the key."""
    for path, field in fields.items():
        is_key = path == "id" and field.type in ("int64", "int32")
        has_parts = field.type == "object" and any(other.startswith(f"{path}.") for other in fields)
        if not is_key and not has_parts and re.fullmatch(r"[\w.]+", path, re.ASCII):
            yield path


def _column(entity: Entity, path: str, fields: Mapping[str, Field], taken: Mapping[str, Column]) -> Column:
    read = reading(path, fields[path].type)
    ending = "seconds" if read is SECONDS else "on" if GROUPS.get(read.type) == TIMES else ""
    name = column_name(path, taken, ending)
    return Column(
        name,
        f"{{{{ {read.accessor}('{path}'{read.arguments}) }}}}",
        read.type,
        wording.of_column(path, fields),
        referred(path) if read.type == "bigint" else None,
        "" if read.type == "boolean" else kind_of_column(entity, path, fields),
    )


def _place(column: Column) -> tuple[int, int]:
    return (
        (IDS, FACTS, FLAGS, TIMES).index(column.group),
        -1 if column.name in FIRST else LAST.index(column.name) + 1 if column.name in LAST else 0,
    )

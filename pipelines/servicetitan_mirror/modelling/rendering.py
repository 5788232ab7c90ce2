"""The text of a model's two files, in the form of those in models/servicetitan."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby

from servicetitan_mirror.entities import Entity
from servicetitan_mirror.modelling import wording
from servicetitan_mirror.modelling.columns import Column
from servicetitan_mirror.modelling.naming import LONGEST
from servicetitan_mirror.modelling.people import INSIDE
from servicetitan_mirror.modelling.references import has_table

WIDTH = 120
KEY = ("tenant_id", "st_id")
MODIFIED = "st_modified_on"
_PLAIN = re.compile(r"[A-Za-z](?:(?!: | #)[^\n])*[^:\s]")  # what YAML takes for a text without quotes


def sql(entity: Entity, columns: Sequence[Column]) -> str:
    """The model: its columns in groups, of the records that have changed."""
    groups = [[f"    {each.sql} as {each.name}," for each in group] for _, group in groupby(columns, lambda c: c.group)]
    blocks = [["    {{ record_key() }},"], *groups, ["    {{ sync_columns() }}"]]
    tagged = ", tagged=true" if any(column.sql == "{{ tags() }}" for column in columns) else ""
    body = "\n\n".join("\n".join(block) for block in blocks)
    return f"select\n{body}\nfrom {{{{ changed_records('{entity.name}'{tagged}) }}}}\n"


def yaml(entity: Entity, columns: Sequence[Column]) -> str:
    """What describes the model: its source, its key and indexes, and each column."""
    lines = [
        *_source(entity),
        *_head(entity, columns),
        *_column(Column("tenant_id", "", "bigint", wording.doc("tenant_id")), is_filled=True),
        *_column(Column("st_id", "", "bigint", wording.of_id(entity)), is_filled=True),
        *(line for column in columns for line in _column(column)),
        *_sync_columns(columns),
    ]
    return "\n".join(lines) + "\n"


def _source(entity: Entity) -> list[str]:
    return [
        "version: 2",
        "",
        "sources:",
        "  - name: servicetitan",
        f"    description: {_text(wording.doc('servicetitan'))}",
        "    schema: raw_servicetitan",
        "    config:",
        '      loaded_at_query: "{{ last_synced() }}"',
        "    tables:",
        f"      - name: {entity.name}",
        *_described(8, wording.of_source(entity)),
        "",
    ]


def _head(entity: Entity, columns: Sequence[Column]) -> list[str]:
    return [
        "models:",
        f"  - name: {entity.table}",
        *_described(4, wording.of_table(entity)),
        "    config:",
        "      meta:",
        "        named_indexes:",
        *(f"          - columns: [{name}]" for name in _indexed(entity, columns)),
        "    constraints:",
        "      - type: primary_key",
        f"        columns: [{', '.join(KEY)}]",
        "    columns:",
    ]


def _indexed(entity: Entity, columns: Sequence[Column]) -> list[str]:
    """The key's id, ids of other entities and the last change, as far as PostgreSQL keeps the index's whole name."""
    names = ["st_id", *(each.name for each in columns if each.refers_to or each.name == MODIFIED)]
    return [name for name in names if len(f"{entity.table}_{name}") <= LONGEST]


def _sync_columns(columns: Sequence[Column]) -> Iterator[str]:
    personal = INSIDE if any(column.personal for column in columns) else ""
    yield from _column(Column("full_data", "", "jsonb", wording.doc("full_data"), personal=personal), is_filled=True)
    for name in ("local_created_at", "local_synced_at"):
        yield from _column(Column(name, "", "timestamptz", wording.doc(name)), is_filled=True)
    yield from _column(Column("deleted_at", "", "timestamptz", wording.doc("deleted_at")))


def _column(column: Column, is_filled: bool = False) -> Iterator[str]:
    yield f"      - name: {column.name}"
    yield f"        data_type: {column.type}"
    if column.personal:
        yield from ("        config:", "          tags: [personal]", f"          meta: {{personal: {column.personal}}}")
    yield from _described(8, column.description)
    if is_filled:
        yield from ("        constraints:", "          - type: not_null")
    if column.refers_to and has_table(column.refers_to):
        yield "        data_tests:"
        yield "          - relationships:"
        yield "              arguments:"
        yield f"                to: ref('{column.refers_to.table}')"
        yield "                field: st_id"
        yield "              config: {severity: warn}"  # the API does not promise it


def _described(indent: int, text: str) -> list[str]:
    """A description in one line, or folded into several."""
    line = f"{' ' * indent}description: {_text(text)}"
    if len(line) <= WIDTH:
        return [line]
    inner = " " * (indent + 2)
    folded = textwrap.wrap(text, WIDTH - len(inner), break_long_words=False, break_on_hyphens=False)
    return [f"{' ' * indent}description: >-", *(f"{inner}{part}" for part in folded)]


def _text(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)

"""What is said of a table and its columns: facts of the specification, in our words."""

from __future__ import annotations

import re
from collections.abc import Mapping

from servicetitan_mirror.entities import Entity
from servicetitan_mirror.modelling.references import has_table, referred
from servicetitan_mirror.modelling.typing import is_array
from servicetitan_specification import Field

# of fields that mean the same in every list: blocks of _servicetitan__docs.md, by path and type
KNOWN = {
    ("active", "boolean"): "active",
    ("createdOn", "date-time"): "st_created_on",
    ("modifiedOn", "date-time"): "st_modified_on",
    ("customFields", "object[]"): "custom_fields",
    ("tagTypeIds", "array of int64"): "tag_type_ids",
}
KINDS = {
    "int64": "whole number",
    "int32": "whole number",
    "decimal": "number",
    "double": "number",
    "boolean": "true or false",
    "date-time": "instant",
    "date": "calendar date",
    "object": "object",
}
FORMATS = {
    "multiline": "text of several lines",
    "html": "text with HTML",
    "guid": "GUID as a text",
    "duration": "length of time",
}


def of_table(entity: Entity) -> str:
    """What one row is."""
    endpoint = entity.endpoints[0]
    kind = "export feed" if endpoint.is_feed else "list"
    return f"One row per record of ServiceTitan's {kind} {endpoint.path}."


def of_source(entity: Entity) -> str:
    """What lands in the raw table."""
    return f"Records of {entity.endpoints[0].path}."


def of_id(entity: Entity) -> str:
    """What the column st_id is."""
    *others, last = entity.endpoints[0].told_by or ("",)
    told_by = f"{', '.join(others)} and {last}" if others else last
    return f"Number made of {told_by}, by which the records are told apart." if told_by else doc("st_id")


def of_column(path: str, fields: Mapping[str, Field]) -> str:
    """What the column of the field at `path` is."""
    field = fields[path]
    if block := KNOWN.get((path, field.type)):
        return doc(block)
    entity = referred(path) if field.type in ("int64", "int32") else None
    kind = _id_of(entity) if entity else _kind(path, fields)
    return f"Field {path}, {kind}{'; may be null' if field.nullable else ''}."


def doc(block: str) -> str:
    """The text of a docs block."""
    return f"{{{{ doc('{block}') }}}}"


def _id_of(entity: Entity) -> str:
    return f"an id of {entity.table}" if has_table(entity) else f"an id of the list {entity.name}"


def _kind(path: str, fields: Mapping[str, Field]) -> str:
    type = fields[path].type
    if not is_array(type):
        noun = _noun(type)
        return noun if noun.startswith(("true", "one of")) else _with_article(noun)
    parts = [each.removeprefix(f"{path}[].") for each in fields if each.startswith(f"{path}[].")]
    keys = ", ".join(part for part in parts if re.fullmatch(r"\w+", part))
    below = f" with {keys}" if keys else ""
    return f"an array of {_plural(_noun(type.removeprefix('array of ').removesuffix('[]')))}{below}"


def _noun(type: str) -> str:
    """`enum(A, B)` → one of A, B; `string(html)` → text with HTML."""
    kind, _, detail = type.removesuffix(")").partition("(")
    if kind == "enum":
        return f"one of {detail}" if detail else "text"
    return FORMATS.get(detail, f"text that holds a {detail}" if detail else KINDS.get(kind, "text"))


def _plural(noun: str) -> str:
    return re.sub(r"^(whole number|number|instant|calendar date|object|text|GUID)\b", r"\1s", noun)


def _with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"

"""The fields of a row out of its JSON schema: references followed, alternatives joined, nested fields by their path.

Schemas(document).fields(row) -> {"id": Field("int64"), "items": Field("object[]"), "items[].name": Field("string")}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .listing import Field

Schema = dict[str, Any]
NULL = "null"
NUMBERS = {"integer": ("int64", "int32"), "number": ("double", "decimal")}  # by the type: the usual format first
MOMENTS = ("date", "date-time")
UNSAID = "any"


class Schemas:
    """The schemas of one document."""

    def __init__(self, document: Schema) -> None:
        self._named: dict[str, Schema] = document.get("components", {}).get("schemas", {})

    def fields(self, row: Schema) -> dict[str, Field]:
        """Every field below a row. Inside itself an object is not followed: it may hold anything there."""
        return dict(self._below(row, "", frozenset()))

    def alternatives(self, schema: Schema) -> Iterator[tuple[Schema, tuple[str, ...]]]:
        """What a value may be, each without references, with the names that led there."""
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            yield from ((each, (name, *names)) for each, names in self.alternatives(self._named[name]))
        elif choices := schema.get("oneOf") or schema.get("anyOf"):
            for choice in choices:
                yield from self.alternatives(choice)
        elif "allOf" in schema:
            yield self._whole(schema["allOf"]), ()
        else:
            types = schema["type"] if isinstance(schema.get("type"), list) else [schema.get("type", "")]
            yield from (({**schema, "type": type}, ()) for type in types)
            yield from (({"type": NULL}, ()) for _ in range(schema.get("nullable", False)))

    def type(self, schema: Schema) -> Field:
        """The type of a value, and whether it may be null."""
        types = [self._type(each) for each, _ in self.alternatives(schema)]
        known = list(dict.fromkeys(type for type in types if type != NULL)) or [UNSAID]
        return Field(_joined(known), NULL in types)

    def properties(self, schema: Schema) -> dict[str, Schema]:
        """The fields of an object, one level deep; those of all its alternatives."""
        return {name: property for name, (property, _) in self._properties(schema, frozenset()).items()}

    def _properties(self, schema: Schema, within: frozenset[str]) -> dict[str, tuple[Schema, frozenset[str]]]:
        """The same with the names of the objects that have a field; without those inside which it is."""
        found: dict[str, tuple[Schema, frozenset[str]]] = {}
        for each, names in self.alternatives(schema):
            for name, property in each.get("properties", {}).items() if within.isdisjoint(names) else ():
                known, of = found.get(name, (property, frozenset()))
                found[name] = (property if known == property else {"anyOf": [known, property]}, of | {*names})
        return found

    def _below(self, schema: Schema, prefix: str, within: frozenset[str]) -> Iterator[tuple[str, Field]]:
        for name, (property, names) in self._properties(schema, within).items():
            path = prefix + name
            yield path, self.type(property)
            if items := [each["items"] for each, _ in self.alternatives(property) if each["type"] == "array"]:
                yield from self._below({"anyOf": items}, f"{path}[].", within | names)
            yield from self._below(property, f"{path}.", within | names)

    def _whole(self, parts: list[Schema]) -> Schema:
        """One object out of several."""
        return {
            "type": "object",
            "properties": {name: each for part in parts for name, each in self.properties(part).items()},
        }

    def _type(self, schema: Schema) -> str:
        kind, form = schema["type"], schema.get("format", "")
        if kind == "array":
            item = self.type(schema.get("items", {})).type
            return "object[]" if item == "object" else f"array of {item}"
        if kind in NUMBERS:
            return form if form in NUMBERS[kind] else NUMBERS[kind][0]
        if kind != "string":
            return str(kind or UNSAID)
        if "enum" in schema:
            return f"enum({', '.join(map(str, schema['enum']))})"
        return form if form in MOMENTS else f"string({form})" if form else "string"


def _joined(types: list[str]) -> str:
    """One type for values of several: a text of any form, where they are texts."""
    texts = [type for type in types if type.startswith(("string", "date", "enum"))]
    others = [type for type in types if type not in texts]
    return UNSAID if UNSAID in types else " | ".join([*(texts if len(texts) < 2 else ["string"]), *others])

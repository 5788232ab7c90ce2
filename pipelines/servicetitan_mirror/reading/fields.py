"""The fields that a list's records may have, as a tree, and the decoder that takes only such records.

Which they are by path, `address.city` or `items[].sku.id`, is in `servicetitan_specification`. Of a type only what JSON
itself tells apart is looked at (KINDS); null is of every kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
from msgspec import UNSET, Raw, UnsetType

from servicetitan_mirror.entities import Entity
from servicetitan_specification import listing

KINDS = ("string", "number", "boolean", "object", "array")
NUMBERS = ("int32", "int64", "decimal", "double")
ITEM = "[]"  # in a path: each item of an array
PLAIN: dict[str, Any] = {"string": str, "number": float, "boolean": bool}
HEAD = ("id", "createdOn", "modifiedOn", "active")  # what a record is asked for by name, whether it has it or not


@dataclass
class Node:
    """A place in a list's records.

    Attributes:
        expected: of which kinds its values are by the specification; none where that does not know the place.
        kinds: of which kinds they are known to be; none as long as only null was seen.
        fields: what is below it: of an object by key, of an array its items as ITEM.
        is_open: whether an object may have any key there, because its keys are data.
    """

    expected: frozenset[str] = frozenset()
    kinds: set[str] = field(default_factory=set)
    fields: dict[str, Node] = field(default_factory=dict)
    is_open: bool = False

    def expect(self, kind: str) -> Node:
        """Note that the specification has values of the kind there; returns the node itself."""
        self.expected |= {kind}
        self.kinds.add(kind)
        return self


def specified(entity: Entity) -> dict[str, str]:
    """By its path, the type of each field that the specification has for an entity's records."""
    fields: dict[str, str] = {}
    for endpoint in entity.endpoints:
        for path, known in listing(endpoint.specified).fields.items():
            fields.setdefault(path, known.type)
    return fields


def known_fields(entity: Entity) -> dict[str, str]:
    """The fields of an entity's records. The rows of a feed also say whether they are `active`."""
    of_feed = {"active": "boolean"} if any(endpoint.feed for endpoint in entity.endpoints) else {}
    return specified(entity) | of_feed


def tree(fields: dict[str, str]) -> Node:
    """The root of the fields' tree. An object of which no key is named may have any."""
    root = Node().expect("object")
    for path, type in fields.items():
        node = root
        for name in steps(path):
            node = node.fields.setdefault(name, Node())
        for each in KINDS if type == "any" else type.split(" | "):
            node.expect(kind_of(each))
            if kind_of(each) == "array":
                node.fields.setdefault(ITEM, Node()).expect(kind_of(each.removeprefix("array of ").removesuffix(ITEM)))
    for node in _nodes(root):
        node.is_open = "object" in node.kinds and not node.fields
    return root


def kind_of(type: str) -> str:
    """What JSON makes of a type of the specification."""
    if type.endswith(ITEM) or type.startswith("array of "):
        return "array"
    return type if type in KINDS else "number" if type in NUMBERS else "string"


def steps(path: str) -> list[str]:
    """`items[].sku.id` as items, [], sku, id."""
    return path.replace(ITEM, f".{ITEM}").split(".")


def decoder(root: Node) -> Callable[[str], Any]:
    """What decodes a record all of whose keys and values the tree has, and raises errors of msgspec for any other.

    Objects become structs, whose attributes are UNSET where a key is missing. The record itself has the attributes of
    HEAD in any case; the id is an integer, and may be of another kind once the tree has learned that.
    """
    missing = {key: UNSET for key in HEAD if key not in root.fields}
    id: Any = int
    if "id" not in root.fields:
        return msgspec.json.Decoder(_struct(root, [], missing)).decode
    for kind in root.fields["id"].kinds - {"number"}:
        id |= _of_kind(root.fields["id"], kind)
    return msgspec.json.Decoder(_struct(root, [("id", id)], missing)).decode


def _struct(node: Node, first: list[Any], attributes: dict[str, Any]) -> Any:
    keys = [key for key in node.fields if key not in (ITEM, *(name for name, _ in first))]
    fields = [*first, *((key, _type(node.fields[key]) | UnsetType, UNSET) for key in keys)]
    closed = not node.is_open
    return msgspec.defstruct("Known", fields, namespace=attributes, forbid_unknown_fields=closed, gc=False)


def _type(node: Node) -> Any:
    """The type that takes null and what the node knows."""
    type: Any = None.__class__
    for kind in sorted(node.kinds):
        type |= _of_kind(node, kind)
    return type


def _of_kind(node: Node, kind: str) -> Any:
    if kind == "array":
        item = node.fields.get(ITEM)
        return list[_type(item)] if item else list[Raw]  # type: ignore[misc]
    return _struct(node, [], {}) if kind == "object" else PLAIN[kind]


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for below in node.fields.values():
        yield from _nodes(below)

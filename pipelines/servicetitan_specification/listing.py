"""The lists of the specification: which there are, what they may be asked and which fields their rows have.

Types are written as follows: string, string(html) and other formats of a text, date-time, date, int64, int32, decimal,
double, boolean, object, "object[]", "array of int64", "enum(A, B)", "string | double" where rows differ, "any".
A field stands under its path, `address.city` or `items[].sku.id`, in the order of the specification. A module's file is
read when one of its lists is first asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import msgspec

LIST, FEED, BARE = "list", "feed", "bare"


@dataclass(frozen=True)
class Parameter:
    """What may be asked of a list; a call without a required one is refused."""

    type: str
    required: bool = False


@dataclass(frozen=True)
class Field:
    """What a row has at a path."""

    type: str
    nullable: bool = False


@dataclass(frozen=True)
class Listing:
    """One list: `crm/v2/tenant/{tenant}/customers`, with the scope that it needs.

    sort: the fields by which it can be sorted, as far as the specification names them.
    """

    path: str
    kind: str
    scope: str
    parameters: Mapping[str, Parameter]
    fields: Mapping[str, Field]
    sort: tuple[str, ...] = ()


class Written(msgspec.Struct, omit_defaults=True):
    """A listing in a file: `!` after a type marks a required parameter, `?` a field that may be null."""

    kind: str
    scope: str
    parameters: dict[str, str]
    fields: dict[str, str]
    sort: tuple[str, ...] = ()

    @classmethod
    def of(cls, listing: Listing) -> Written:
        """As a listing is written."""
        parameters = {name: each.type + "!" * each.required for name, each in listing.parameters.items()}
        fields = {path: each.type + "?" * each.nullable for path, each in listing.fields.items()}
        return cls(listing.kind, listing.scope, parameters, fields, listing.sort)

    def read(self, path: str) -> Listing:
        """As it is read again."""
        parameters = {name: Parameter(type.rstrip("!"), type.endswith("!")) for name, type in self.parameters.items()}
        fields = {path: Field(type.rstrip("?"), type.endswith("?")) for path, type in self.fields.items()}
        return Listing(path, self.kind, self.scope, parameters, fields, self.sort)


@cache
def listing(path: str) -> Listing:
    """The list at a path of the API, with {tenant} in the tenant's place. Raises KeyError for an unknown one."""
    written = _module(path.partition("/")[0]).get(path)
    if written is None:
        raise KeyError(path)
    return msgspec.json.decode(written, type=Written).read(path)


def listings() -> dict[str, Listing]:
    """Every list by its path, in the order of the paths."""
    modules = sorted(file.name.removesuffix(".json") for file in _folder().iterdir() if file.name.endswith(".json"))
    return {path: listing(path) for module in modules for path in _module(module)}


@cache
def _module(name: str) -> Mapping[str, msgspec.Raw]:
    """The lists of an API module by their paths; none of a module that is not known."""
    file = _folder() / f"{name}.json"
    return msgspec.json.decode(file.read_bytes(), type=dict[str, msgspec.Raw]) if file.is_file() else {}


def _folder() -> resources.abc.Traversable:
    return resources.files(__package__) / "lists"

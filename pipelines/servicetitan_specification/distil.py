"""A folder of OpenAPI documents -> the lists that they describe, by path, in the order of the paths.

Only facts are taken: names, types, what is required or may be null, scopes, and the fields to sort by, which stand in
the words of a parameter alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from .listing import BARE, FEED, LIST, Listing, Parameter
from .schemas import Schema, Schemas

TENANT = "{tenant}"
SORTS = ("sort", "sortBy", "orderBy")
_SORTED_BY = re.compile(
    r"(?:fields are|values|options|specified field:|field to sort by)[: (]+([\w\", +()]+)", re.IGNORECASE
)


def distil(folder: Path) -> dict[str, Listing]:
    """The lists of every document in a folder (not below it)."""
    documents = [msgspec.json.decode(file.read_bytes()) for file in sorted(folder.glob("*.json"))]
    found = {listing.path: listing for document in documents for listing in lists(document)}
    return dict(sorted(found.items()))


def lists(document: Schema) -> Iterator[Listing]:
    """The lists of one document."""
    schemas, prefix = Schemas(document), urlsplit(document["servers"][0]["url"]).path.strip("/")
    for path, operations in document["paths"].items():
        if "get" in operations and re.findall(r"{\w+}", path) == [TENANT]:
            yield from _listing(f"{prefix}{path}", operations["get"], schemas)


def _listing(path: str, operation: Schema, schemas: Schemas) -> Iterator[Listing]:
    """The list at a path; nothing where the answer holds no rows."""
    answer = schemas.properties(_answer(operation))
    if "data" not in answer:
        return
    rows = [each["items"] for each, _ in schemas.alternatives(answer["data"]) if each["type"] == "array"]
    if rows:
        asked = [each for each in operation.get("parameters", []) if each["in"] == "query"]
        parameters = {
            each["name"]: Parameter(schemas.type(each.get("schema", {})).type, each.get("required", False))
            for each in asked
        }
        yield Listing(path, _kind(answer), _scope(operation), parameters, schemas.fields(rows[0]), _sort(asked))


def _answer(operation: Schema) -> Schema:
    content = operation["responses"].get("200", {}).get("content", {})
    schema: Schema = next(iter(content.values()))["schema"] if content else {}
    return schema


def _kind(answer: Schema) -> str:
    return FEED if "continueFrom" in answer else LIST if "hasMore" in answer else BARE


def _scope(operation: Schema) -> str:
    scopes = [scope for way in operation.get("security", []) for scope in way.get("oauth", [])]
    return scopes[0] if scopes else ""


def _sort(parameters: list[dict[str, Any]]) -> tuple[str, ...]:
    """The fields of the first parameter that sorts: `Id, Date (Year + Month), "name", and "createdOn"`."""
    for each in parameters:
        if each["name"] in SORTS and (named := _SORTED_BY.search(each.get("description", ""))):
            return tuple(re.findall(r"(?:^|, |and |or )\"?(?!and |or )(\w+)", named[1]))
    return ()

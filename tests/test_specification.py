"""The specification: what is distilled out of OpenAPI documents, and what a newer one changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from servicetitan_specification import Field, Listing, Parameter, changes, distil, files, listing, listings
from servicetitan_specification.__main__ import main
from servicetitan_specification.listing import Written

LEADS, FEED = "crm/v2/tenant/{tenant}/leads", "crm/v2/tenant/{tenant}/export/leads"
ROW: dict[str, Any] = {
    "allOf": [{"$ref": "#/components/schemas/Base"}],
    "properties": {"ignored": {"type": "string"}},
}
SCHEMAS: dict[str, Any] = {
    "Status": {"type": "string", "enum": ["Open", "Won"]},
    "Base": {
        "type": "object",
        "properties": {
            "id": {"type": "integer", "format": "int64"},
            "score": {"type": ["number", "null"], "format": "decimal"},
            "stars": {"type": "integer", "format": "int32", "enum": [0, 1]},
            "status": {"oneOf": [{"$ref": "#/components/schemas/Status"}, {"type": "null"}]},
            "tagIds": {"type": "array", "items": {"type": "integer", "format": "int64"}},
            "parts": {"type": ["array", "null"], "items": {"$ref": "#/components/schemas/Part"}},
            "answer": {"anyOf": [{"$ref": "#/components/schemas/Word"}, {"$ref": "#/components/schemas/Number"}]},
            "extra": {"type": "object", "additionalProperties": {"type": "string"}},
        },
    },
    "Part": {
        "type": "object",
        "properties": {
            "memo": {"type": "string", "format": "html", "nullable": True},
            "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}},
        },
    },
    "Word": {"type": "object", "properties": {"value": {"type": "string"}, "on": {"type": "string", "format": "date"}}},
    "Number": {"type": "object", "properties": {"value": {"type": "number"}}},
}
SORT = {"name": "sort", "in": "query", "schema": {"type": "string"}, "description": "Available fields are: Id, Name."}
FROM = {"name": "from", "in": "query", "required": True, "schema": {"type": "string", "format": "date-time"}}
FIELDS = {
    "id": Field("int64"),
    "score": Field("decimal", nullable=True),
    "stars": Field("int32"),
    "status": Field("enum(Open, Won)", nullable=True),
    "tagIds": Field("array of int64"),
    "parts": Field("object[]", nullable=True),
    "parts[].memo": Field("string(html)", nullable=True),
    "parts[].parts": Field("object[]"),
    "answer": Field("object"),
    "answer.value": Field("string | double"),
    "answer.on": Field("date"),
    "extra": Field("object"),
}


def operation(parameters: list[dict[str, Any]], **answer: Any) -> dict[str, Any]:
    """A GET whose answer has the given fields."""
    content = {"application/json": {"schema": {"type": "object", "properties": answer}}}
    security = [{"key": [], "oauth": ["tn.crm.leads:r"]}]
    return {"get": {"parameters": parameters, "security": security, "responses": {"200": {"content": content}}}}


def document() -> dict[str, Any]:
    """A specification with a list, its feed, and calls that are no lists."""
    rows, flag = {"type": "array", "items": ROW}, {"type": "boolean"}
    paths = {
        "/tenant/{tenant}/leads": operation([SORT], data=rows, hasMore=flag),
        "/tenant/{tenant}/export/leads": operation([FROM], data=rows, hasMore=flag, continueFrom={"type": "string"}),
        "/tenant/{tenant}/leads/{id}": operation([], data=rows),
        "/tenant/{tenant}/hours": operation([], monday={"type": "string"}),
    }
    servers = [{"url": "https://api.example.com/crm/v2"}]
    return {"servers": servers, "paths": paths, "components": {"schemas": SCHEMAS}}


def test_lists_and_feeds_are_distilled_with_their_fields_by_path() -> None:
    found = {each.path: each for each in distil.lists(document())}
    assert found == {
        LEADS: Listing(LEADS, "list", "tn.crm.leads:r", {"sort": Parameter("string")}, FIELDS, ("Id", "Name")),
        FEED: Listing(FEED, "feed", "tn.crm.leads:r", {"from": Parameter("date-time", required=True)}, FIELDS),
    }


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    found = {each.path: each for each in distil.lists(document())}
    files.write(found, tmp_path)
    text = (tmp_path / "crm.json").read_text()
    assert [line.partition(":")[0] for line in text.splitlines()] == ["{", f'"{FEED}"', f'"{LEADS}"', "}"]
    written = msgspec.json.decode(text, type=dict[str, Written])
    assert {path: each.read(path) for path, each in written.items()} == found


def test_a_newer_specification_shows_what_it_changes() -> None:
    old = {each.path: each for each in distil.lists(document())}
    newer = document()
    newer["paths"]["/tenant/{tenant}/bookings"] = newer["paths"].pop("/tenant/{tenant}/export/leads")
    (parameter,) = newer["paths"]["/tenant/{tenant}/leads"]["get"]["parameters"]
    newer["paths"]["/tenant/{tenant}/leads"]["get"]["parameters"] = [parameter | {"name": "orderBy", "required": True}]
    base = newer["components"]["schemas"]["Base"]["properties"]
    changed = {"id": {"type": "string"}, "stars": {"type": ["integer", "null"], "format": "int32"}, "new": {}}
    properties = {name: schema for name, schema in base.items() if name != "extra"} | changed
    newer["components"] = {"schemas": SCHEMAS | {"Base": {"type": "object", "properties": properties}}}
    assert [str(each) for each in changes.changes(old, {each.path: each for each in distil.lists(newer)})] == [
        "crm/v2/tenant/{tenant}/bookings: a new list",
        "crm/v2/tenant/{tenant}/export/leads: a list no more",
        "crm/v2/tenant/{tenant}/leads: parameter orderBy came: string, required",
        "crm/v2/tenant/{tenant}/leads: parameter sort went",
        "crm/v2/tenant/{tenant}/leads: field new came: any",
        "crm/v2/tenant/{tenant}/leads: field extra went",
        "crm/v2/tenant/{tenant}/leads: field id: int64 -> string",
        "crm/v2/tenant/{tenant}/leads: field stars: int32 -> int32, may be null",
    ]


def test_a_folder_is_compared_with_what_is_committed(tmp_path: Path) -> None:
    (tmp_path / "crm-v2.json").write_text(json.dumps(document()))
    done = CliRunner().invoke(main, [str(tmp_path)])
    assert (done.exit_code, f"{LEADS}: field answer came: object\n" in done.output) == (1, True)
    assert f"{LEADS}: field customerId went\n" in done.output


def test_every_committed_list_has_a_scope_and_fields() -> None:
    known = listings()
    assert [path for path, each in known.items() if not each.scope.endswith(":r") or not each.fields] == []
    kinds = [each.kind for each in known.values()]
    assert {kind: kinds.count(kind) for kind in kinds} == {"list": 127, "feed": 53, "bare": 3}


def test_a_list_that_is_not_known_is_an_error() -> None:
    with pytest.raises(KeyError, match="/nothing"):
        listing("crm/v2/tenant/{tenant}/nothing")

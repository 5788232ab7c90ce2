"""The name of a field's column: legal without quotes, unique in its table, at most 63 bytes long.

`customer.id` and `customerId` are `customer_id`. Of two fields that would have one name, the second gets a number.
"""

from __future__ import annotations

import re
from collections.abc import Collection

LONGEST = 63  # bytes that PostgreSQL keeps of a name
RENAMED = {"createdOn": "st_created_on", "modifiedOn": "st_modified_on", "id": "text_id"}
# what each table has besides its fields, and what PostgreSQL has in each table
TAKEN = frozenset(
    [
        "tenant_id",
        "st_id",
        "full_data",
        "local_created_at",
        "local_synced_at",
        "deleted_at",
        "ctid",
        "xmin",
        "xmax",
        "cmin",
        "cmax",
        "tableoid",
    ]
)
# PostgreSQL's own words that are no name of a column without quotes
RESERVED = frozenset(
    [
        "all",
        "analyse",
        "analyze",
        "and",
        "any",
        "array",
        "as",
        "asc",
        "asymmetric",
        "authorization",
        "binary",
        "both",
        "case",
        "cast",
        "check",
        "collate",
        "collation",
        "column",
        "concurrently",
        "constraint",
        "create",
        "cross",
        "current_catalog",
        "current_date",
        "current_role",
        "current_schema",
        "current_time",
        "current_timestamp",
        "current_user",
        "default",
        "deferrable",
        "desc",
        "distinct",
        "do",
        "else",
        "end",
        "except",
        "false",
        "fetch",
        "for",
        "foreign",
        "freeze",
        "from",
        "full",
        "grant",
        "group",
        "having",
        "ilike",
        "in",
        "initially",
        "inner",
        "intersect",
        "into",
        "is",
        "isnull",
        "join",
        "lateral",
        "leading",
        "left",
        "like",
        "limit",
        "localtime",
        "localtimestamp",
        "natural",
        "not",
        "notnull",
        "null",
        "offset",
        "on",
        "only",
        "or",
        "order",
        "outer",
        "overlaps",
        "placing",
        "primary",
        "references",
        "returning",
        "right",
        "select",
        "session_user",
        "similar",
        "some",
        "symmetric",
        "system_user",
        "table",
        "tablesample",
        "then",
        "to",
        "trailing",
        "true",
        "union",
        "unique",
        "user",
        "using",
        "variadic",
        "verbose",
        "when",
        "where",
        "window",
        "with",
    ]
)
BESIDE = ("start",)  # of a moment: it stands beside `end`, and is named like it


def column_name(path: str, taken: Collection[str] = (), is_time: bool = False) -> str:
    """The name of the column that shows the field at `path`, which is none of those that are `taken`."""
    name = RENAMED.get(path) or "_".join(snake_case(key) for key in path.split("."))
    if name in RESERVED or (is_time and name in BESIDE):
        name = f"{name}_on" if is_time else f"{name}_value"
    if name in TAKEN or not name[:1].isalpha():
        name = f"st_{name}"
    numbered = (
        name[: LONGEST - len(end)] + end for end in ("", *(f"_{number}" for number in range(2, len(taken) + 2)))
    )
    return next(each for each in numbered if each not in taken)


def snake_case(key: str) -> str:
    """`customerPONumber` → customer_po_number; what is no letter of ASCII, digit or underscore is left out."""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[\W_]+", "_", key)
    return re.sub(r"[^a-z0-9_]", "", split.lower()).strip("_")

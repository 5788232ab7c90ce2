"""The name of a field's column: legal without quotes, unique in its table, at most 63 bytes long.

`customer.id` and `customerId` are `customer_id`. Of two fields that would have one name, the second gets a number.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

LONGEST = 63  # bytes that PostgreSQL keeps of a name
HANDY = 45  # letters of a name that still fits into a line of the model
RENAMED = {"createdOn": "st_created_on", "modifiedOn": "st_modified_on", "id": "text_id"}
BESIDE = ("start",)  # of a moment: it stands beside `end`, and is named like it
_SYNC = "tenant_id st_id full_data local_created_at local_synced_at deleted_at"
_SYSTEM = "ctid xmin xmax cmin cmax tableoid"
TAKEN = frozenset([*_SYNC.split(), *_SYSTEM.split()])  # by what each table has besides its fields
_KEYWORDS = """
    all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation
    column concurrently constraint create cross current_catalog current_date current_role current_schema current_time
    current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze
    from full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit
    localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references
    returning right select session_user similar some symmetric system_user table tablesample then to trailing true
    union unique user using variadic verbose when where window with
"""
RESERVED = frozenset(_KEYWORDS.split())  # PostgreSQL's own words that are no name of a column without quotes


def column_name(path: str, taken: Collection[str] = (), unit: str = "") -> str:
    """The name of the column that shows the field at `path`, which is none of those that are `taken`.

    Of a long path as many first keys are left out as make the name handy. The `unit` is "on" of moments and "seconds"
    of durations.
    """
    name = RENAMED.get(path) or _handy([snake_case(key) for key in path.split(".")], taken)
    if unit == "seconds" or name in RESERVED or (unit == "on" and name in BESIDE):
        name = f"{name}_{unit or 'value'}"
    if name in TAKEN or not name[:1].isalpha():
        name = f"st_{name}"
    endings = ["", *(f"_{number}" for number in range(2, len(taken) + 2))]
    numbered = (name[: LONGEST - len(ending)] + ending for ending in endings)
    return next(each for each in numbered if each not in taken)


def _handy(keys: Sequence[str], taken: Collection[str]) -> str:
    tails = ["_".join(keys[place:]) for place in range(len(keys))]
    handy = (tail for tail in tails if len(tail) <= HANDY and tail not in taken)
    return tails[0] if len(tails[0]) <= HANDY else next(handy, tails[0])


def snake_case(key: str) -> str:
    """`customerPONumber` → customer_po_number; what is no letter of ASCII, digit or underscore is left out."""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[\W_]+", "_", key)
    return re.sub(r"[^a-z0-9_]", "", split.lower()).strip("_")

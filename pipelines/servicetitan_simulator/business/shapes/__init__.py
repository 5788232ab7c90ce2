"""Every field of every row, in ServiceTitan's order, with the value that it has when nothing else is said.

    SHAPES["customers"] | {"id": 310000123, "name": "Zoë Underhay"} -> a whole record, its keys in their order

One JSON file an API module; a row is named like its table, an object inside it like its field ("invoices.items").
Source: the specification's list rows of May 2026 (the same keys were seen live).
"""

from __future__ import annotations

from importlib import resources

import msgspec

from ...store import Row

SHAPES: dict[str, Row] = {}

for file in resources.files(__name__).iterdir():
    if file.name.endswith(".json"):
        SHAPES |= msgspec.json.decode(file.read_bytes(), type=dict[str, Row])

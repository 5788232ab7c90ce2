"""The number of a record that has no id: made of the fields that tell it apart, the same at every sync.

It has 63 bits of a hash, so that two records of a list of ten million share one with a chance of 1 to 200,000.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence


def number_of(record: Mapping[str, object], told_by: Sequence[str]) -> int | None:
    """The number, by the values at these paths (`job.id`); None if there is none at any of them."""
    values = [_at(record, path) for path in told_by]
    if all(value is None for value in values):
        return None
    text = json.dumps(values, sort_keys=True, separators=(",", ":"))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def _at(record: object, path: str) -> object:
    for key in path.split("."):
        record = record.get(key) if isinstance(record, Mapping) else None
    return record

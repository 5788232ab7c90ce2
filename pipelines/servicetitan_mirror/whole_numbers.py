"""Whole numbers in any form that JSON has for them: `7`, `"7"`, `7.0`, `7e0` are the same id."""

from __future__ import annotations

import re
from decimal import Decimal

LARGEST = 2**63 - 1  # PostgreSQL's bigint
_NUMBER = re.compile(r"\s*(-?(?:0|[1-9][0-9]{0,40})(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,2})?)\s*")


def whole_number(value: object) -> int | None:
    """The number in a decoded JSON value or the text of one; None for anything else, fractions, and beyond 64 bits."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    found = _NUMBER.fullmatch(str(value))
    number = Decimal(found.group(1)) if found else None
    if number is None or number.adjusted() > 18 or number != number.to_integral_value():
        return None
    return int(number) if abs(number) <= LARGEST else None

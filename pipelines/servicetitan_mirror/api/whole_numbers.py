"""Whole numbers in any form that JSON has for them: `7`, `"7"`, `7.0`, `7e0` are the same id.

`raw_servicetitan.whole_number` (raw/sql) reads the same grammar inside PostgreSQL; a test holds them together.
"""

from __future__ import annotations

import re
from decimal import Decimal

SMALLEST, LARGEST = -(2**63), 2**63 - 1  # PostgreSQL's bigint
_NUMBER = re.compile(
    r"[ \t\n\r]*(-?(?:0|[1-9][0-9]{0,99})(?:\.[0-9]{1,99})?(?:[eE][+-]?[0-9]{1,3})?)[ \t\n\r]*", re.ASCII
)


def whole_number(value: object) -> int | None:
    """The number in a decoded JSON value or the text of one; None for anything else, fractions, and beyond 64 bits."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    found = _NUMBER.fullmatch(str(value))
    number = Decimal(found.group(1)) if found else None
    if number is None or (number and number.adjusted() > 18) or number != number.to_integral_value():
        return None
    return int(number) if SMALLEST <= number <= LARGEST else None

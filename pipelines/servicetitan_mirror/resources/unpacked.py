"""Landed rows → rows with the record's own fields as columns, for dlt to make tables and child tables of.

Numbers with a decimal point are Decimals, so that money is not rounded through floats. What has more digits than
dlt's decimal(38, 9) and bigint can hold is text, which dlt puts into a column of its own beside the number's.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec
import pyarrow as pa

from servicetitan_mirror.api.whole_numbers import LARGEST, SMALLEST

OWN = ("tenant_id", "entity_type", "id", "deleted_at")  # columns that are the landed row's, whatever the record says
WHOLE_DIGITS, FRACTION_DIGITS = 29, 9  # of dlt's decimal(38, 9)


def unpacked(table: pa.Table) -> list[dict[str, Any]]:
    """The rows of a page: tenant, owner where there is one, the record's fields, and `deleted_at`."""
    return [*_rows(table)]


def _rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    own = [name for name in table.column_names if name in OWN]
    for row in table.to_pylist():
        yield _fitting(_records.decode(row["record"])) | {name: row[name] for name in own}


def _number(text: str) -> Decimal | str:
    number = Decimal(text)
    return number if not number or (number.adjusted() < WHOLE_DIGITS and _fraction(number) <= FRACTION_DIGITS) else text


def _fraction(number: Decimal) -> int:
    """How many digits stand behind the point; zeros at the end do not count."""
    _, digits, exponent = number.as_tuple()
    zeros = len(digits) - len("".join(map(str, digits)).rstrip("0"))
    return -int(exponent) - zeros


def _fitting(value: Any) -> Any:
    """The value, with text for the whole numbers in it that are beyond 64 bits."""
    if isinstance(value, dict):
        return {key: _fitting(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_fitting(item) for item in value]
    if isinstance(value, int) and not SMALLEST <= value <= LARGEST:
        return str(value)
    return value


_records = msgspec.json.Decoder(float_hook=_number)

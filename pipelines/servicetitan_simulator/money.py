"""Amounts: whole cents inside, texts such as "125.00" in accounting, numbers with the database's scale elsewhere."""

from __future__ import annotations

import msgspec


def number(cents: int, scale: int = 2) -> msgspec.Raw:
    """A JSON number with `scale` decimals, as the database prints it: 25.1700000000."""
    return msgspec.Raw(money(cents).encode() + b"0" * (scale - 2))


def money(cents: int) -> str:
    """The text of an amount: 125.00."""
    sign, (whole, part) = "-" if cents < 0 else "", divmod(abs(cents), 100)
    return f"{sign}{whole}.{part:02d}"


def cents(value: object) -> int:
    """The amount of a text such as "125.00" or of a number read from a row."""
    text = bytes(value).decode() if isinstance(value, msgspec.Raw) else str(value)
    whole, _, part = text.lstrip("-").partition(".")
    amount = int(whole or 0) * 100 + int((part + "00")[:2])
    return -amount if text.startswith("-") else amount

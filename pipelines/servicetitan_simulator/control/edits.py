"""An edit that does no harm: a name, a memo or the like of a row changes, so that everybody sees it.

A row without a text of its own gets another amount, time or answer; of one that has nothing of the kind, the first of
its parts does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from .. import clock
from ..business.company import Company
from ..form import Form, Row

HARMLESS = ("name", "summary", "specialInstructions", "memo", "text", "note", "description", "displayName", "review")
HARMLESS_INSIDE = ("notes",)
PAUSED = "isPaused"
_MARK = re.compile(r" \(edit \d+\)$")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT.*Z")
_DURATION = re.compile(r"\d\d:\d\d:\d\d")
_DATES = ("createdOn", "modifiedOn")


def edit(company: Company, row: Row, form: Form) -> None:
    """Changes one value in place."""
    if not (_mark(company, row, HARMLESS) or _edit_value(company, row, form)):
        row[PAUSED] = not row.get(PAUSED)


def _mark(company: Company, row: Row, names: Sequence[str]) -> bool:
    """Whether there was a text under one of the names."""
    name = next((name for name in names if name in row), None)
    if name:
        row[name] = _MARK.sub("", str(row[name] or "")) + f" (edit {company.dice.between(1, 10**9)})"
    return name is not None


def _edit_value(company: Company, row: Row, form: Form) -> bool:
    """Whether there was a value that may change: an amount, a time, an answer, or one in a part."""
    if PAUSED in row:
        return False
    for name, value in row.items():
        if name not in (form.key, *_DATES) and (new := _another(company, value)) is not None:
            row[name] = new
            return True
    parts = _parts(row)
    return any(_edit_value(company, part, form) or _mark(company, part, HARMLESS_INSIDE) for part in parts)


def _another(company: Company, value: Any) -> Any:
    """Another value of the same type; None where there is none that does no harm."""
    if isinstance(value, msgspec.Raw):
        return msgspec.Raw(b"%d.25" % company.dice.between(1, 10_000))
    if isinstance(value, str) and _TIME.fullmatch(value):
        return clock.text(company.now)
    if isinstance(value, str) and _DURATION.fullmatch(value):
        return f"{company.dice.between(0, 24):02d}:{company.dice.between(0, 60):02d}:00"
    return None


def _parts(row: Row) -> list[Row]:
    parts = [part for value in row.values() for part in (value if isinstance(value, list) else [value])]
    return [part for part in parts if isinstance(part, dict)]

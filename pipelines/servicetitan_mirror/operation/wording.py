"""How things are said: numbers, lengths of time, many names as one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


def plain(text: str) -> str:
    """The text on one line, without control codes."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", "\ufffd", re.sub(r"\s+", " ", text))


def together(said: Iterable[tuple[str, str]], total: float, noun: str = "modules") -> list[str]:
    """One line per sentence, however many of the `total` modules say it: `customers, jobs: the disk is full`."""
    by_message: dict[str, list[str]] = {}
    for name, message in said:
        by_message.setdefault(plain(message), []).append(name)
    return [f"{_named(names, total, noun)}: {message}" for message, names in by_message.items()]


def many(count: int, noun: str) -> str:
    """`1 load`, `2,000 loads`."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def duration(seconds: float) -> str:
    """`59 s`, `119 min`, `47 h`, `2 days`: as exact as its reader needs it."""
    for unit, size, limit in (("s", 1, 120), ("min", 60, 120), ("h", 3600, 48)):
        if seconds < size * limit:
            return f"{seconds // size:.0f} {unit}"
    return f"{seconds // 86400:,.0f} days"


def _named(names: Sequence[str], total: float, noun: str) -> str:
    if len(names) <= 3:
        return ", ".join(names)
    return f"all {total} {noun}" if len(names) == total else f"{len(names)} {noun} ({', '.join(names)})"

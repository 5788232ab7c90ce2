"""What a setting may be: each rule reads a value as it was given, and says in words what it takes."""

from __future__ import annotations

import ipaddress
import os
import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from pendulum import Time

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
SHOWN = 40  # characters of a wrong value
LONGEST = 2_000  # characters of a setting


class Rule(Protocol):
    """`read` raises ValueError for what `allowed` does not describe."""

    @property
    def allowed(self) -> str:
        """The words that follow "it must be"."""

    def read(self, value: object) -> Any:
        """The value as the product uses it."""


class Near(ValueError):
    """A value that is not allowed but is like some that are; its text says which."""


@dataclass(frozen=True)
class Whole:
    """A whole number in a range."""

    least: int
    most: int

    @property
    def allowed(self) -> str:
        """The range."""
        return f"a whole number from {self.least} to {self.most}"

    def read(self, value: object) -> int:
        """The number."""
        if isinstance(value, str) and re.fullmatch(r"[+-]?[0-9]{1,19}", cleaned(value)):
            value = int(cleaned(value))
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not self.least <= value <= self.most:
            raise ValueError
        return value


@dataclass(frozen=True)
class Number:
    """A finite number in a range."""

    least: float
    most: float

    @property
    def allowed(self) -> str:
        """The range."""
        return f"a number from {self.least:g} to {self.most:g}"

    def read(self, value: object) -> float:
        """The number."""
        if isinstance(value, str) and re.fullmatch(
            r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]{1,4})?", cleaned(value), re.I
        ):
            value = float(cleaned(value))
        if isinstance(value, bool) or not isinstance(value, int | float) or not self.least <= value <= self.most:
            raise ValueError
        return float(value)


@dataclass(frozen=True)
class OneOf:
    """One of a few words."""

    words: tuple[str, ...]

    @property
    def allowed(self) -> str:
        """The words."""
        return " or ".join(self.words)

    def read(self, value: object) -> str:
        """The word."""
        word = cleaned(value).lower() if isinstance(value, str) else ""
        if word not in self.words:
            raise ValueError
        return word


@dataclass(frozen=True)
class Length:
    """A length of time, or never."""

    allowed: str = "a time like 30m, 24h or 7d, at most 3650d, or never"

    def read(self, value: object) -> str:
        """`24h`."""
        text = cleaned(value).lower() if isinstance(value, str) else ""
        if text != "never" and not 0 < (seconds_of(text) or 0) <= 3650 * UNITS["d"]:
            raise ValueError
        return text


@dataclass(frozen=True)
class Clock:
    """A time of day."""

    allowed: str = "a time of day like 02:00"

    def read(self, value: object) -> Time:
        """The time."""
        text = cleaned(value) if isinstance(value, str) else ""
        if not re.fullmatch(r"[0-9]{1,2}:[0-9]{2}", text):
            raise ValueError
        return Time.fromisoformat(text.zfill(5))


@dataclass(frozen=True)
class Key:
    """An id, key or secret: printable ASCII without blanks. What a copy brought along at its ends is taken off."""

    allowed: str = "the text as ServiceTitan shows it: letters, digits and signs, without blanks"

    def read(self, value: object) -> str:
        """The text."""
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise ValueError
        text = unquoted(cleaned(str(value)))
        if not re.fullmatch(rf"[!-~]{{1,{LONGEST}}}", text):
            raise ValueError
        return text


@dataclass(frozen=True)
class Password:
    """What people type: any letters and signs on one line, blanks inside it too."""

    allowed: str = "8 to 200 characters on one line"

    def read(self, value: object) -> str:
        """The password."""
        text = cleaned(value) if isinstance(value, str) else ""
        if not 8 <= len(text) <= 200 or not text.isprintable():
            raise ValueError
        return text


@dataclass(frozen=True)
class Address:
    """An https address; http only where nothing leaves this machine, since secrets go there."""

    allowed: str = (
        "an address like https://api.servicetitan.io, without user, password, query or blanks "
        "(http:// only for this machine)"
    )

    def read(self, value: object) -> str:
        """The address, without a slash at its end."""
        text = unquoted(cleaned(value)) if isinstance(value, str) else ""
        if not re.fullmatch(rf"[!-~]{{1,{LONGEST}}}", text) or re.search(r"[\\?#@<>\"]", text):
            raise ValueError
        parts = urlsplit(text)
        host = parts.hostname or ""
        if not re.fullmatch(r"[a-z0-9._:-]+", host) or parts.port == 0:  # asking for the port may raise, too
            raise ValueError
        if parts.scheme != "https" and not (parts.scheme == "http" and is_this_machine(host)):
            raise ValueError
        return text.rstrip("/")


@dataclass(frozen=True)
class Proxy:
    """The address of a proxy."""

    allowed: str = "an address like http://proxy.example.com:3128"

    def read(self, value: object) -> str:
        """The address."""
        text = unquoted(cleaned(value)) if isinstance(value, str) else ""
        if not re.fullmatch(rf"https?://[!-~]{{1,{LONGEST}}}", text) or not urlsplit(text).hostname:
            raise ValueError
        return text


@dataclass(frozen=True)
class File:
    """A file that can be read."""

    allowed: str = "the path of a file that can be read"

    def read(self, value: object) -> str:
        """The path."""
        text = cleaned(value) if isinstance(value, str) else ""
        if not text or not os.path.isfile(text) or not os.access(text, os.R_OK):
            raise ValueError
        return text


def cleaned(text: str) -> str:
    """Without what is invisible at its ends: blanks, line ends, byte order mark, zero-width characters."""
    start, end = 0, len(text)
    while start < end and _is_invisible(text[start]):
        start += 1
    while start < end and _is_invisible(text[end - 1]):
        end -= 1
    return text[start:end]


def unquoted(text: str) -> str:
    """Without the quotes that a file for environments leaves around a value."""
    return text[1:-1] if len(text) > 2 and text[0] == text[-1] and text[0] in "'\"" else text


def shown(value: object) -> str:
    """A wrong value in a message: short, and on one line."""
    text = ascii(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def seconds_of(text: str) -> float | None:
    """`24h` in seconds; None for what is no length of time."""
    if not re.fullmatch(r"[0-9]{1,9}[smhd]", text):
        return None
    return float(int(text[:-1]) * UNITS[text[-1]])


def _is_invisible(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp")


def is_this_machine(host: str) -> bool:
    """Whether a host's name or address is of loopback."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
